"""Memory: fit needs little beside its buffers, and does not read files in."""

import subprocess
import sys
import textwrap
import tracemalloc

import numpy as np
import pytest

from skdeep import MLPClassifier

if not sys.platform.startswith("linux"):
    pytest.skip("needs Linux's resource limits", allow_module_level=True)

pytestmark = pytest.mark.usefixtures("kernels")
rng = np.random.default_rng(0)


def data(n, n_features):
    return rng.random((n, n_features), np.float32), np.arange(n) % 2


def peak_of_fit(model, X, y):
    model.fit(X, y)  # compiles, imports, and fills caches that are there once for all
    tracemalloc.start()
    model.fit(X, y)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def whole(**params):
    return MLPClassifier(max_iter=2, n_iter_no_change=np.inf, random_state=0, **params)


@pytest.mark.parametrize(
    "params",
    [{}, {"early_stopping": True}, {"early_stopping": True, "warm_start": True}, {"clip_norm": 1}],
    ids=str,
)
def test_peak_of_fit_is_a_few_times_the_parameters_and_two_batches(params, kernels):
    X, y = data(500, 100)
    X += 3 * y[:, None]  # so that the first epoch is the best one
    model = whole(hidden_layer_sizes=(400, 400), batch_size=50, **params)
    peak = peak_of_fit(model, X, y)
    # the parameters, their gradient, Adam's two moments, and a copy of all but the gradient
    vectors = 7 + ("early_stopping" in params) + (kernels == "numpy" or "clip_norm" in params)
    parameters = sum(p.nbytes for p in [*model.coefs_, *model.intercepts_])
    two_batches = 2 * 50 * (100 + 4 * 400 + 4) * 4
    per_row = 16 * len(X)  # the shuffled order and the encoded targets
    assert peak < vectors * parameters + two_batches + per_row + 2**17


def test_peak_of_fit_grows_by_a_few_bytes_a_row():
    model = whole(hidden_layer_sizes=(20,), batch_size=100, dropout=0.5)
    few, many = (peak_of_fit(model, *data(n, 50)) for n in (5_000, 50_000))
    assert (many - few) / 45_000 < 40  # a row of X has 200 bytes


def test_an_array_on_disk_trains_in_a_small_process(tmp_path, kernels):
    """RLIMIT_DATA bounds what a process allocates, not the files that it maps."""
    n, n_features = 200_000, 200
    x = np.memmap(tmp_path / "x", np.float32, "w+", shape=(n, n_features))
    for start in range(0, n, 50_000):
        x[start : start + 50_000] = rng.random((50_000, n_features), np.float32)
    x.flush()
    size = x.nbytes
    del x
    code = f"""
        import resource
        import numpy as np, skdeep
        skdeep.set_kernels({kernels!r})
        model = skdeep.MLPClassifier((8,), max_iter=1, n_iter_no_change=np.inf, early_stopping=True)
        model.fit(np.zeros((20, 3), np.float32), np.arange(20) % 2)  # libraries are loaded now
        data = [line for line in open("/proc/self/status") if line.startswith("VmData")]
        limit = int(data[0].split()[1]) * 1024 + {size} // 4
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
        X = np.memmap({str(tmp_path / "x")!r}, np.float32, "r", shape=({n}, {n_features}))
        model.fit(X, np.arange({n}) % 2)
        assert model.predict(X).shape == ({n},)
        print("trained")
    """
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False
    )
    assert run.stdout == "trained\n", run.stderr


def test_the_limit_would_stop_a_copy():
    code = """
        import resource
        import numpy as np
        data = [line for line in open("/proc/self/status") if line.startswith("VmData")]
        limit = int(data[0].split()[1]) * 1024 + 80_000_000
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
        np.ones((400_000, 200), np.float32)
    """
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False
    )
    assert "MemoryError" in run.stderr
