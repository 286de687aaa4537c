"""The machine and the versions that numbers belong to."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from threadpoolctl import threadpool_info

PACKAGES = ["skdeep", "numpy", "scipy", "scikit-learn", "numba", "torch", "skorch", "threadpoolctl"]
PACKAGES += ["onnx", "onnxruntime", "skl2onnx"]


def describe():
    """Return the processor, cores, memory and versions as a dict."""
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "memory_GiB": _memory(),
        "system": platform.system(),
        "python": platform.python_version(),
        "blas": sorted(
            {
                f"{pool['internal_api']} {pool['version']}"
                for pool in threadpool_info()
                if pool["user_api"] == "blas"
            }
        ),
        "versions": {name: found for name in PACKAGES if (found := _version(name))},
    }


def _cpu():
    info = Path("/proc/cpuinfo")
    for line in info.read_text().splitlines() if info.exists() else []:
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory():
    try:
        return round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30)
    except (AttributeError, OSError, ValueError):  # not every system tells
        return None


def _version(name):
    try:
        return version(name)
    except PackageNotFoundError:
        return None
