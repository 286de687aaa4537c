"""Which kernels are in use, and how a component finds the one that it names."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from contextlib import nullcontext
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal

import numpy as np

from skdeep.kernels import maps, reference
from skdeep.kernels.interrupts import interrupts_held_back

_KNOWN = ("auto", "numpy", "numba")
_COMPILED = "skdeep.kernels.compiled"
_choice = "auto"


def set_kernels(name: Literal["auto", "numpy", "numba"]) -> None:
    """Choose the kernels for all training in this process.

    Parameters
    ----------
    name : {"auto", "numpy", "numba"}
        "auto": numba where it is installed, else numpy.

    Raises
    ------
    ValueError
        If the name is unknown.
    ImportError
        If numba is asked for and not installed.

    Examples
    --------
    >>> import skdeep
    >>> skdeep.set_kernels("numpy")
    >>> skdeep.get_kernels()
    'numpy'
    >>> skdeep.set_kernels("auto")
    """
    global _choice
    if name not in _KNOWN:
        raise ValueError(f"Unknown kernels {name!r}; known are {', '.join(_KNOWN)}.")
    if name == "numba":
        _import_compiled()
    _choice = name


def get_kernels() -> Literal["numpy", "numba"]:
    """Return which kernels are in use.

    Returns
    -------
    {"numpy", "numba"}

    Examples
    --------
    >>> import skdeep
    >>> skdeep.get_kernels() in ("numpy", "numba")
    True
    """
    if _choice == "auto":
        return "numba" if _compiled() is not None else "numpy"
    return _choice


def _import_compiled():
    """Return the module of compiled kernels; a clear ImportError if numba is missing or broken.

    An import of numba that is interrupted leaves it in pieces for the rest of the process.
    """
    with nullcontext() if _COMPILED in sys.modules else interrupts_held_back():
        try:
            return import_module(_COMPILED)
        except Exception as error:
            raise ImportError(
                'The kernels "numba" need a working numba, but importing it failed '
                f'({error}); pip install "skdeep[fast]".'
            ) from error


@cache
def _compiled():
    """Return the module of compiled kernels, or None where numba is missing or broken."""
    if find_spec("numba") is None:
        return None
    try:
        return _import_compiled()
    except ImportError as error:
        warnings.warn(f"{error} Plain numpy is used.", stacklevel=2)
        return None


def twin(name: str) -> Callable[..., Any] | None:
    """Return the compiled kernel of that name, or None where there is none or numpy is chosen."""
    return None if get_kernels() == "numpy" else getattr(_import_compiled(), name, None)


def best(name: str) -> Callable[..., Any]:
    """Return the compiled kernel of that name, or where there is none its reference."""
    return twin(name) or getattr(reference, name, None) or getattr(maps, name)


def gathering(source: np.ndarray) -> Callable[..., Any]:
    """Return the kernel that gathers rows of an array: the compiled one where it knows the type."""
    knows = source.dtype.isnative and source.dtype.char in "?bBhHiIlLqQfd"
    return (twin("gather") if knows else None) or reference.gather


def fused(component: object, part: str) -> Callable[..., Any] | None:
    """Return the fused kernel for a part of a component, or None.

    Parameters
    ----------
    component : Activation, Loss or Optimizer
        Its own class must name its ``kernel``: a subclass may compute something else, so that
        what it inherits does not count.
    part : str
        E.g. "forward".
    """
    name = vars(type(component)).get("kernel")
    return None if name is None else twin(f"{name}_{part}")
