"""The toy's manifest."""

from linhe.core.loop.desk import Desk
from linhe.lib.text import Text
from tests.desks.toy.loop import TOY

DESK = Desk("toy", Text("玩具台", "toy desk"), Text("测试用", "for tests"), "tests.desks.toy", (TOY,))
