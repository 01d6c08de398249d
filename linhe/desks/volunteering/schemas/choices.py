"""Closed lists that forms of this desk choose from."""

from linhe.desks.volunteering.loop.roles import POST_ROLES
from linhe.lib.text import Text

Choices = tuple[tuple[str, Text], ...]

THEMES: Choices = (
    ("clinic", Text("健康义诊", "health clinic")),
    ("law", Text("普法大讲堂", "law lecture")),
    ("sports", Text("趣味运动会", "fun sports")),
    ("cleaning", Text("环境清洁", "cleaning")),
    ("patrol", Text("平安巡逻", "patrol")),
    ("care", Text("关爱老幼", "care for old and young")),
    ("culture", Text("文化惠民", "culture")),
    ("repair", Text("便民维修", "small repairs")),
    ("policy", Text("政策宣讲", "policy explained")),
    ("other", Text("其他服务", "other service")),
)
"""What an activity, a need, an offer or an hour of service is about."""
POSTS: Choices = POST_ROLES
LEAVE_REASONS: Choices = (
    ("term", Text("任期届满", "term ended")),
    ("moved", Text("搬离本小区", "moved away")),
    ("health", Text("身体原因", "health")),
    ("work", Text("工作变动", "change of work")),
    ("other", Text("其他", "other")),
)
STARS: Choices = tuple((str(n), Text(f"{n} 星", f"{n} of 5")) for n in (5, 4, 3, 2, 1))


def one_of(choices: Choices) -> str:
    """A pattern that only the codes of a list fit."""
    return "^(" + "|".join(code for code, _ in choices) + ")$"


def name_of(choices: Choices, code: str) -> Text:
    """The name of a code; the code itself when the list no longer has it."""
    return next((name for one, name in choices if one == code), Text(code, code))
