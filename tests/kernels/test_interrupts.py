"""Ctrl-C in what must not end halfway: it waits, and is then heard by whoever would have been."""

import os
import signal
import subprocess
import sys
import threading

import numpy as np
import pytest

from skdeep.kernels.interrupts import interrupts_held_back

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs signals")


def press():
    os.kill(os.getpid(), signal.SIGINT)


@pytest.fixture
def listen():
    """Set a handler until the test ends; pytest's own process may ignore Ctrl-C."""
    before = signal.getsignal(signal.SIGINT)
    yield lambda handler: signal.signal(signal.SIGINT, handler)
    signal.signal(signal.SIGINT, before)


def work(done, **calls):
    with interrupts_held_back():
        for name, call in calls.items():
            call()
            done.append(name)


def test_it_is_raised_at_the_end(listen):
    listen(signal.default_int_handler)
    done = []
    with pytest.raises(KeyboardInterrupt):
        work(done, first=press, second=press, third=lambda: None)
    assert done == ["first", "second", "third"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    with pytest.raises(KeyboardInterrupt):
        press()


def test_nothing_is_raised_if_nothing_was_pressed(listen):
    listen(signal.default_int_handler)
    work([], only=lambda: None)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_handler_of_ones_own_is_called_once_when_all_is_done(listen):
    done = []

    def handler(number, frame):
        done.append((number, frame.f_code.co_name))

    listen(handler)
    work(done, first=press, second=press)
    assert done == ["first", "second", (signal.SIGINT, "press")]
    assert signal.getsignal(signal.SIGINT) is handler


def test_one_within_another_waits_for_the_outer_one(listen):
    listen(signal.default_int_handler)
    done = []
    with pytest.raises(KeyboardInterrupt):
        work(done, inner=lambda: work(done, innermost=press), after=lambda: None)
    assert done == ["innermost", "inner", "after"]


def test_an_error_does_not_hide_it(listen):
    listen(signal.default_int_handler)
    with pytest.raises(KeyboardInterrupt) as caught:
        work([], first=press, second=lambda: 1 / 0)
    assert isinstance(caught.value.__context__, ZeroDivisionError)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_where_ctrl_c_is_ignored_it_stays_so(listen):
    listen(signal.SIG_IGN)
    done = []
    work(done, first=press, look=lambda: done.append(signal.getsignal(signal.SIGINT)))
    assert done == ["first", signal.SIG_IGN, "look"]


def test_other_threads_change_nothing(listen):
    listen(signal.default_int_handler)
    seen = []
    see = {"look": lambda: seen.append(signal.getsignal(signal.SIGINT))}
    thread = threading.Thread(target=work, args=([],), kwargs=see)
    thread.start()
    thread.join()
    assert seen == [signal.default_int_handler]


# -- the compiled kernels --------------------------------------------------------------------------

FIRST_FIT = """
import os, signal, sys, warnings
import skdeep

class Impatient:
    def find_spec(self, name, path=None, target=None):
        if name == sys.argv[1]:
            os.kill(os.getpid(), signal.SIGINT)

warnings.simplefilter("error")
sys.meta_path.insert(0, Impatient())
signal.signal(signal.SIGINT, signal.default_int_handler)
model = skdeep.MLPClassifier((2,), max_iter=1, n_iter_no_change=float("inf"))
try:
    model.fit([[0.0], [1.0]], [0, 1])
except KeyboardInterrupt:
    assert sys.argv[1] in sys.modules
else:
    raise AssertionError("not interrupted")
assert not hasattr(model, "n_iter_")
assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
assert model.fit([[0.0], [1.0]], [0, 1]).n_iter_ == 1
assert skdeep.get_kernels() == "numba"
assert skdeep.kernels.twin("gather") is not None
"""


@pytest.mark.parametrize(
    "module", ["numba.core.config", "numba.core.typeconv", "skdeep.kernels.compiled"]
)
def test_the_first_fit_ends_when_they_are_imported_and_the_next_one_has_them(module):
    pytest.importorskip("numba")
    subprocess.run([sys.executable, "-c", FIRST_FIT, module], check=True)


def test_a_kernel_is_compiled_to_the_end(listen, tmp_path, monkeypatch):
    numba = pytest.importorskip("numba")
    jit = pytest.importorskip("skdeep.kernels.compiled.jit")
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    listen(signal.default_int_handler)

    def half(x):
        return 0.5 * x

    class Impatient(jit._Cache):
        def load_overload(self, *args):
            press()
            return super().load_overload(*args)

    monkeypatch.setattr(jit, "_Cache", Impatient)
    kernel = jit.jit(half)
    with pytest.raises(KeyboardInterrupt):
        kernel(3.0)
    monkeypatch.undo()
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    assert len(kernel.signatures) == 1
    assert kernel(3.0) == 1.5
    again = jit.jit(half)
    np.testing.assert_equal(again(3.0), 1.5)
    assert sum(again.stats.cache_hits.values()) == 1  # it was kept on disk
