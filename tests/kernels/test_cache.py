"""Compiled kernels on disk: files that are damaged, folders that cannot be written to."""

import subprocess
import sys
import warnings

import numpy as np
import pytest

numba = pytest.importorskip("numba")
jit = pytest.importorskip("skdeep.kernels.compiled.jit")


def twice(x):
    return 2 * x


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(jit, "_said", set())
    return tmp_path


def compiled():
    """Return a new kernel, as another process would make it, after its first call."""
    kernel = jit.jit(twice)
    assert kernel(3.0) == 6.0
    return kernel


def found(kernel):
    """Whether the kernel was found on disk."""
    return sum(kernel.stats.cache_hits.values()) == 1


def files(folder, suffix):
    return [path for path in folder.rglob("*") if path.name.endswith(suffix)]


def test_it_is_kept(folder):
    assert not found(compiled())
    assert found(compiled())


DAMAGES = {
    "empty": lambda content: b"",
    "half": lambda content: content[: len(content) // 2],
    "one byte short": lambda content: content[:-1],
    "noise": lambda content: np.random.default_rng(0).bytes(len(content)),
    "text": lambda content: b"<html>404</html>",
    "a folder": None,
}


@pytest.mark.parametrize("suffix", [".nbi", ".nbc"])
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damaged_files_are_compiled_anew(folder, suffix, damage):
    compiled()
    (path,) = files(folder, suffix)
    content = path.read_bytes()
    path.unlink()
    if damage is None:
        path.mkdir()
    else:
        path.write_bytes(damage(content))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        kernel = compiled()
        compiled()
    assert not found(kernel)
    assert len(caught) == len({str(warning.message) for warning in caught})
    if damage is None and suffix == ".nbc":  # to numba it is a file that is missing
        (one,) = caught
        assert "cannot be kept on disk" in str(one.message)
    else:
        assert "cannot be read" in str(caught[0].message)
        assert len(caught) == (2 if damage is None else 1)
    if damage is not None:
        assert found(compiled())


def test_a_folder_that_is_none(folder, monkeypatch):
    (folder / "cache").write_text("a file")
    monkeypatch.setattr(
        numba.core.caching.CacheImpl,
        "_locator_classes",
        [numba.core.caching.UserProvidedCacheLocator],
    )
    with pytest.warns(UserWarning, match="cannot be kept on disk.*NUMBA_CACHE_DIR"):
        assert not found(compiled())
    assert not found(compiled())  # and no second warning, which would be an error


def test_a_folder_that_can_no_longer_be_written_to(folder, monkeypatch):
    kernel = jit.jit(twice)

    def refuse(*args):
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(numba.core.caching.IndexDataCacheFile, "_open_for_write", refuse)
    with pytest.warns(UserWarning, match="PermissionError.*every process compiles"):
        assert kernel(3.0) == 6.0
    assert kernel(3) == 6  # and no second warning, which would be an error


def test_a_full_disk(folder, monkeypatch):
    kernel = jit.jit(twice)

    def write(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(numba.core.caching.IndexDataCacheFile, "_save_data", write)
    with pytest.warns(UserWarning, match="No space left"):
        assert kernel(3.0) == 6.0


def test_a_numba_that_cannot_compile_is_done_without():
    code = """
import warnings
import numpy as np
from numba.core.dispatcher import Dispatcher
def compile(self, *args, **kws):
    raise RuntimeError("no target")
Dispatcher.compile = Dispatcher._compile_for_args = compile
import skdeep
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    for _ in range(2):
        model = skdeep.MLPClassifier((2,), max_iter=1, n_iter_no_change=np.inf)
        model.fit([[0.0], [1.0]], [0, 1]).predict([[0.5]])
assert skdeep.get_kernels() == "numpy"
(one,) = [str(w.message) for w in caught if w.category is UserWarning]
assert "no target" in one and "Plain numpy is used" in one, one
try:
    skdeep.set_kernels("numba")
except ImportError as error:
    assert "no target" in str(error)
else:
    raise AssertionError
"""
    subprocess.run([sys.executable, "-c", code], check=True)
