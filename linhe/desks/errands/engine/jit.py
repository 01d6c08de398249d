"""The compiler with its disk cache, and a small random generator for compiled code."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shorts = NDArray[np.int32]
Keys = NDArray[np.uint64]
Bools = NDArray[np.bool_]

whole = cast(Callable[[Any], int], np.int64)
"""64 bits with a sign, of whatever number."""

# typed, since a function is compiled once more for each literal it is given
YES, NO = cast(bool, np.bool_(True)), cast(bool, np.bool_(False))
ZERO, ONE, NONE = cast(int, np.int64(0)), cast(int, np.int64(1)), cast(int, np.int64(-1))

F = TypeVar("F", bound=Callable[..., Any])


def forget_stale(folder: Path) -> None:
    """Throw away compiled code that is older than any source beside it.

    Numba looks only at the file of the function it compiles, not at the files of what that function calls.
    """
    newest = max(path.stat().st_mtime for path in folder.glob("*.py"))
    for index in folder.glob("__pycache__/*.nbi"):
        if index.stat().st_mtime < newest:
            index.unlink(missing_ok=True)


forget_stale(Path(__file__).parent)


def compiled(function: F) -> F:
    """Numba's compiler with a disk cache and without the interpreter's lock, keeping the function's type."""
    return _jitted(function)


def lean(function: F) -> F:
    """Like ``compiled``, for a function that makes no array: references are not counted, which takes a quarter of the
    time of the inner loops."""
    return _jitted(function, _nrt=False)


def inner(function: F) -> F:
    """Like ``lean``, for a function that only compiled code calls: the code that unpacks a caller's arrays, most of the
    time of the compiler, is left out."""
    return _jitted(function, _nrt=False, no_cpython_wrapper=True)


def _jitted(function: F, **more: bool) -> F:
    options: dict[str, Any] = {
        "cache": True,
        "nogil": True,
        "error_model": "numpy",
        "boundscheck": False,
        "no_cfunc_wrapper": True,
        **more,
    }
    return cast(F, cast(Any, numba.njit)(**options)(function))


def spread(function: F) -> F:
    """Like ``compiled``, for a short function that is written out where it is called instead of compiled by itself."""
    return cast(F, numba.njit(nogil=True, error_model="numpy", inline="always")(function))


GAMMA = 0x9E3779B97F4A7C15


@inner
def next_random(state: Keys) -> Any:
    """The next 64 bits of a splitmix64 sequence.

    References
    ----------
    G. L. Steele, D. Lea, C. H. Flood (2014), Fast splittable pseudorandom number generators,
    doi:10.1145/2660193.2660195.
    """
    state[0] += np.uint64(GAMMA)
    z = state[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return z


@inner
def draw(state: Keys, below: int) -> int:
    """A number in 0..below-1 (below < 2^31)."""
    return whole(((next_random(state) >> np.uint64(32)) * np.uint64(below)) >> np.uint64(32))


@inner
def draw_unit(state: Keys) -> float:
    """A number in (0, 1]."""
    return (np.float64(next_random(state) >> np.uint64(11)) + 1.0) * (1.0 / 9007199254740992.0)
