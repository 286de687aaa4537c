"""What tests of all parts share."""

import pytest

import skdeep


@pytest.fixture(params=["numpy", "numba"])
def kernels(request):
    """Run the test with plain numpy kernels and with compiled ones."""
    if request.param == "numba":
        pytest.importorskip("numba")
    skdeep.set_kernels(request.param)
    yield request.param
    skdeep.set_kernels("auto")
