"""What was made lately for the same network: the same feeder comes again with every fault."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Recent(Generic[P, T]):
    """A function whose last results are kept. Arguments need no hash: they are compared, the same object at once."""

    def __init__(self, make: Callable[P, T], room: int = 8) -> None:
        self.make, self.room = make, room
        self.kept: tuple[tuple[tuple[object, ...], T], ...] = ()

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        for known, found in self.kept:
            if known == args:
                return found
        found = self.make(*args, **kwargs)
        # Replaced as a whole: threads that read the old row meanwhile only make the same again.
        row: tuple[tuple[object, ...], T] = (args, found)
        self.kept = (row, *self.kept)[: self.room]
        return found
