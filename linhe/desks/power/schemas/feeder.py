"""What the actions on a feeder's data ask for."""

from datetime import date

from linhe.core.loop.data import ActionData, ask
from linhe.lib.text import Text

FORMS = (
    ("linhe", Text("本系统 JSON", "own JSON")),
    ("pandapower", Text("pandapower JSON", "pandapower JSON")),
    ("matpower", Text("MATPOWER .m", "MATPOWER .m")),
    ("simbench", Text("simbench CSV（zip）", "simbench CSV (zip)")),
    ("opendss", Text("OpenDSS（.dss 或 zip）", "OpenDSS (.dss or zip)")),
)
"""The files that are read; other programs' ones are translated before they are handed in."""
MOST_CASE = 6_000_000
"""Letters of a feeder in our words; ten thousand buses are about three million."""


class SubmitFeeder(ActionData):
    """A feeder as CASE.md describes it, and from which day it holds."""

    code: str = ask("线路编号", "code of the feeder", pattern=r"^[a-z0-9-]{1,40}$")
    name: str = ask("线路名称", "name of the feeder", min_length=1, max_length=80)
    name_en: str = ask("英文名称", "English name", max_length=120, default="")
    from_date: date = ask("生效日期", "in force from")
    source: str = ask("数据来源", "source of the data", min_length=1, max_length=120)
    file: str = ask("文件名", "name of the file", max_length=120, default="")
    form: str = ask(
        "文件格式", "format of the file", choices=FORMS, default="linhe",
        pattern="^(" + "|".join(code for code, _ in FORMS) + ")$",
    )  # fmt: skip
    case: str = ask("线路数据", "the feeder", keep="desk", min_length=2, max_length=MOST_CASE, widget="textarea")


class SendBackFeeder(ActionData):
    """What is wrong with it."""

    words: str = ask("哪里不对", "what is wrong", keep="private", min_length=2, max_length=200, widget="textarea")
