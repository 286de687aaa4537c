"""The compiler's settings, the same for all kernels, and where compiled code is kept.

The flags leave out "nnan" and "ninf" of ``fastmath=True``: with them the compiler would assume that
nothing is nan, and divergence would go unseen. Comparisons in the kernels are written so that nan
passes through. Division follows numpy (no exception for zero): a check would keep loops from being
vectorised.
"""

import os
import warnings
from contextlib import nullcontext, suppress

from llvmlite.binding import ffi
from numba import njit
from numba.core.caching import FunctionCache
from numba.core.compiler_lock import global_compiler_lock

from skdeep.kernels.interrupts import interrupts_held_back


def jit(function):
    """Compile a kernel, and keep the compiled code on disk where that is possible.

    Types are compiled when a kernel is first called with them, and to the end: what is interrupted
    cannot be kept on disk any more.
    """
    compiled = njit(
        nogil=True,
        error_model="numpy",
        fastmath={"contract", "reassoc", "arcp", "nsz"},
    )(function)
    compiled.compile = interrupts_held_back()(compiled.compile)
    try:
        compiled._cache = _Cache(function)
    except RuntimeError as error:  # no folder for the cache can be written to
        _warn_of_folder(str(error))
    return compiled


class _Cache(FunctionCache):
    """The cache of one kernel, whose files may be damaged, or impossible to read or to write."""

    def load_overload(self, sig, target_context):
        """Return compiled code, or None if there is none, or none that can be read."""
        try:
            return super().load_overload(sig, target_context)
        except Exception as error:  # whatever unpickling of damaged files may raise
            _warn_of_damage(self.cache_path, repr(error))
            with suppress(OSError):
                self.flush()

    def save_overload(self, sig, data):
        """Keep compiled code if possible."""
        try:
            super().save_overload(sig, data)
        except Exception as error:
            _warn_of_folder(repr(error))


_said = set()


def _warn_of_damage(folder, why):
    _warn_once("damage", f"Compiled kernels in {folder} cannot be read ({why}): compiled anew.")


def _warn_of_folder(why):
    _warn_once(
        "folder",
        f"Compiled kernels cannot be kept on disk ({why}): every process compiles them anew. The "
        "environment variable NUMBA_CACHE_DIR may name a folder that can be written to.",
    )


def _warn_once(topic, message):
    """Warn once in this process, however many kernels are concerned."""
    if topic not in _said:
        _said.add(topic)
        warnings.warn(message, UserWarning, stacklevel=2)


_llvm_lock = getattr(ffi.lib, "_lock", nullcontext())


def _hold_compiler():
    global_compiler_lock.acquire()
    _llvm_lock.__enter__()


def _release_compiler():
    _llvm_lock.__exit__(None, None, None)
    global_compiler_lock.release()


if hasattr(os, "register_at_fork"):  # a child would wait for ever for a thread that compiles
    os.register_at_fork(
        before=_hold_compiler,
        after_in_parent=_release_compiler,
        after_in_child=_release_compiler,
    )
