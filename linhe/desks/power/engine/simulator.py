"""The OpenDSS engines, in the one thread that may touch them.

The library is set up for the thread that loads it. Entered from another one, it reads the environment where that stood
when it was loaded, which may be gone by now. So one thread loads it, and all work with it is done there, in turn.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

WORKER = ThreadPoolExecutor(1, thread_name_prefix="opendss")
SPARE: list[Any] = []
"""Engines that nobody uses now: the library never gives all of an engine's memory back."""

_inside = threading.local()


def simulated(function: Callable[P, T]) -> Callable[P, T]:
    """Run a function in the thread of the engines."""

    @wraps(function)
    def there(*args: P.args, **kwargs: P.kwargs) -> T:
        if getattr(_inside, "yes", False):
            return function(*args, **kwargs)
        return WORKER.submit(marked, *args, **kwargs).result()

    def marked(*args: P.args, **kwargs: P.kwargs) -> T:
        _inside.yes = True
        return function(*args, **kwargs)

    return there


def new_engine() -> Any:
    """An engine of its own, which may neither change directory, show forms nor start an editor."""
    import opendssdirect  # noqa: PLC0415 - loads the library, see above

    try:
        engine = SPARE.pop()
    except IndexError:
        engine = opendssdirect.dss.NewContext()
        # Kept for good: at the end of the process another thread would take it down.
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(engine))
    engine.Basic.AllowChangeDir(False)
    engine.Basic.AllowForms(False)
    engine.Basic.AllowEditor(False)
    engine.Basic.ClearAll()
    return engine


@contextmanager
def borrowed_engine() -> Iterator[Any]:
    """An engine that goes back when the block ends."""
    engine = new_engine()
    try:
        yield engine
    finally:
        SPARE.append(engine)


def refusals() -> type[Exception]:
    """What an engine raises."""
    from opendssdirect import DSSException  # noqa: PLC0415 - loads the library, see above

    found: type[Exception] = DSSException
    return found
