"""What the engine says of a feeder that cannot be right, in both languages: the place in the file, then what is wrong.

The engine speaks English, in one line ``where: what``; the sentences that it uses for data stand here in Chinese. One
that is not here stays as it is.
"""

from __future__ import annotations

import re

from linhe.lib.text import Text

GROUPS = {
    "buses": "母线", "lines": "线段", "transformers": "变压器", "switches": "开关", "loads": "负荷", "sources": "电源",
    "capacitors": "电容器", "sites": "接入点", "trucks": "发电车", "limits": "限值", "feeder": "线路", "branch": "支路",
}  # fmt: skip
PLACE = re.compile(r"\b(" + "|".join(GROUPS) + r")(?=[\[.:]|$)")
LINE = re.compile(r"\bline (\d+)(?=: )")
SENTENCES = tuple(
    (re.compile(pattern + r"\.?$"), zh)
    for pattern, zh in (
        (r"there is no bus (\S+) of the same voltage", r"没有同电压等级的母线 \1"),
        (r"off the network, there is no bus (\S+)", r"不在网络上，没有母线 \1"),
        (r"there is no bus (\S+)", r"没有母线 \1"),
        (r"there is no line or transformer (\S+)", r"没有线段或变压器 \1"),
        (r"there is no (\S+)", r"没有 \1"),
        (r"there is none", "一个也没有"),
        (r"(\S+) does not end at bus (\S+)", r"\1 的两端都不是母线 \2"),
        (r"both ends are at bus (\S+)", r"两端是同一条母线 \1"),
        (r"joins ([\d.]+) kV with ([\d.]+) kV", r"把 \1 kV 和 \2 kV 连在了一起"),
        (r"joins phases (\S+) with (\S+)", r"把 \1 相和 \2 相连在了一起"),
        (r"(\S+) is not a voltage in kV", r"\1 不是合理的电压（kV）"),
        (r"(\S+) is not a finite number", r"\1 不是有限的数"),
        (r"(.+) is not a number", r"\1 不是数"),
        (r"(.+) is not true or false", r"\1 应为 true 或 false"),
        (r"(.+) is not a whole number", r"\1 应为整数"),
        (r"(.+) is not a text", r"\1 应为文字"),
        (r"(.+) is none of (.+)", r"\1 不在可选值之内：\2"),
        (r"is not a known name", "没有这个字段"),
        (r"is missing, but thermal limits are asked for", "缺额定值，而要校核载流"),
        (r"is missing", "缺少"),
        (r"must be an object", "应为一个对象"),
        (r"must be a list of at most (\d+)", r"应为列表，最多 \1 项"),
        (r"must be a text or .*", "应为文字，或中英文各一"),
        (r"the id is used twice", "编号重复"),
        (r"needs at least one bus and one source", "至少要有一条母线和一个电源"),
        (r"needs either an element or a second bus", "要么装在一条线段上，要么连着第二条母线"),
        (r"a second switch at the same end of (\S+)", r"\1 的同一端已有开关"),
        (r"r_ohm (\S+), x_ohm (\S+): zero or negative impedance", r"阻抗为零或为负（r \1，x \2）"),
        (r"zero impedance", "阻抗为零"),
        (r"(\S+) ohm is implausible: ohms or per unit\?", r"\1 欧不合理：单位是欧还是标幺值？"),
        (r"half of them have less than (\S+) ohm: ohms or per unit\?", r"半数不到 \1 欧：单位是欧还是标幺值？"),
        (r"half of them draw less than 1 kW: kW or MW\?", "半数不到 1 kW：单位是 kW 还是 MW？"),
        (r"(\S+) kW, (\S+) kvar is implausible: kW or W\?", r"\1 kW、\2 kvar 不合理：单位是 kW 还是 W？"),
        (r"(\S+) kW is implausible: kW or MW\?", r"\1 kW 不合理：单位是 kW 还是 MW？"),
        (r"(\S+) is implausible: MVA or kVA\?", r"\1 不合理：单位是 MVA 还是 kVA？"),
        (r"(\S+) is implausible", r"\1 不合理"),
        (r"(\S+) must not be negative", r"\1 不能为负"),
        (r"(\S+) is not an off-nominal ratio", r"\1 不是变比（标幺值）"),
        (r"(\S+) is not per unit", r"\1 不是标幺值"),
        (r"(\S+) is below the normal rating", r"\1 低于正常额定值"),
        (r"(\S+) is not a share", r"\1 不是比例"),
        (r"(\S+) to (\S+) is not a range of voltages.*", r"\1 到 \2 不是电压范围（标幺值）"),
        (r"parallel to (\S+) between buses (\S+) and (\S+)", r"与 \1 并列，都在母线 \2 和 \3 之间"),
        (r"in parallel with (\S+) in the normal state", r"正常方式下与 \1 并列"),
        (r"in parallel with (\S+) at another tap", r"与 \1 并列而分接头不同"),
        (r"closes a loop in the normal state, at bus (\S+)", r"正常方式下成环（在母线 \1）"),
        (r"closes in parallel with (\S+) in the normal state, at bus (\S+)", r"正常方式下与电源 \1 并列（在母线 \2）"),
        (r"not fed in the normal state \(bus (\S+)\)", r"正常方式下没有供电（母线 \1）"),
        (r"(\S+) is not a set of a, b, c", r"\1 不是 a、b、c 的组合"),
        (r"(\S+) are not phases of bus (\S+)", r"母线 \2 没有 \1 相"),
        (r"more phases than its buses (\S+) and (\S+) have", r"相数多于母线 \1 和 \2 所有"),
        (r"a tie of phases (\S+) would leave others dead", r"联络开关只有 \1 相，其余相会失电"),
        (r"phase (\S+) does not reach bus (\S+)", r"\1 相到不了母线 \2"),
        (r"bus (\S+) has no three phases", r"母线 \1 不是三相"),
        (r"one phase is not connected to another", "三角形接法至少要两相"),
        (r"is not a matrix of (\d+) by (\d+)", r"应为 \1×\2 矩阵"),
        (r"is not symmetrical", "矩阵不对称"),
        (r"r_abc and x_abc come together", "r_abc 与 x_abc 须同时给出"),
        (r"the file is too large|the files are too large", "文件太大"),
        (r"too many (?:rows|statements)", "行数太多"),
        (r"not JSON: .*line (\d+) column (\d+).*", r"JSON 第 \1 行第 \2 列有误"),
        (r"the file holds no network", "文件里没有网络"),
        (r"is not a table of columns, index and data", "不是 columns、index、data 组成的表"),
        (r"mpc\.(\w+) is missing", r"缺少 mpc.\1"),
        (r"could not convert string to float: (.+)", r"\1 不是数"),
        (r"branch (\d+) is a transformer with a tap, which is not read", r"第 \1 条支路是带分接头的变压器，不能读"),
        (r"(.+) is a conversion that is not known", r"不认识的换算语句 \1"),
        (r"(\S+\.csv) is missing", r"缺少 \1"),
        (r"(\S+\.csv) is too large", r"\1 太大"),
        (r"(\S+\.csv) has no column (\S+)", r"\1 缺列 \2"),
        (r"there is no New Circuit", "没有 New Circuit"),
        (r"a second circuit", "有第二个 New Circuit"),
        (r"there is nothing to continue", "前面没有可续的语句"),
        (r"(?:\S+ )?(\S+): this file was not handed in", r"没有一并上传 \1"),
        (r"(.+): files name each other too deep", r"\1：文件相互引用太深"),
        (r"(.+) is not a command that is read", r"\1 不是能读的命令"),
        (r"elements of class (\S+) are not read", r"不读 \1 类元件"),
        (r"the property (\S+) of a (\w+) is not read", r"不读 \2 的属性 \1"),
        (r"(.+) without the name of a property of a (\w+) is not read", r"\2 的值 \1 没有属性名"),
        (r"(.+) has characters that are not read", r"\1 含有不能读的字符"),
        (r"(.+) is not a name that is read", r"\1 不是能读的名称"),
        (r"(.+) before New Circuit", r"\1 在 New Circuit 之前"),
        (r"(.+) without an element", r"\1 没有写元件"),
        (r"only 1, 2 and 3 are read", "只能是 1、2、3"),
        (r"only sources of three phases are read", "只读三相电源"),
        (r"only transformers of two windings are read", "只读双绕组变压器"),
        (r"only fixed ones from a bus to earth are read", "只读固定接地电容器"),
        (r"model (\d+) is not read .*", r"不读负荷模型 \1（只读 1、2、5）"),
        (r"its impedance is not plausible", "阻抗不合理"),
        (r"(.+) is not read", r"不能读：\1"),
        (r"reading the file took more than (\d+) s", r"读文件超过 \1 秒"),
        (r"the file brought its reader down", "读文件的程序被这个文件弄停了"),
        (r"has not the shape that was expected \((.+)\)", r"文件结构与格式不符（\1）"),
    )
)  # fmt: skip


def in_both(line: str) -> Text:
    """One line of the engine as a text: the same place, and the sentence in the reader's language."""
    return Text(_chinese(line), line[:1].upper() + line[1:])


def _chinese(line: str) -> str:
    for start in _starts(line):
        where, what = line[:start], line[start:]
        for pattern, zh in SENTENCES:
            if found := pattern.fullmatch(what):
                return f"{_place(where)}{found.expand(zh)}。"
    return line


def _starts(line: str) -> list[int]:
    """Where the sentence may begin: behind any colon, or at the start; the shortest sentence is tried first."""
    return [*reversed([found.end() for found in re.finditer(r": ", line)]), 0]


def _place(where: str) -> str:
    named = PLACE.sub(lambda found: GROUPS[found[1]], LINE.sub(r"第 \1 行", where))
    return named.replace(": ", "：")
