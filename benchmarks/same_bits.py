"""Make two records of results and compare them, for changes that must not change a bit.

python benchmarks/same_bits.py record before.json
python benchmarks/same_bits.py record after.json
python benchmarks/same_bits.py compare before.json after.json

Every case of ``bit_cases`` runs on the numpy and on the numba kernels, on one thread. A record
keeps a digest of each part of its results (parameters, history, predictions), and a few numbers by
which the size of a difference can be judged. Records can be compared if they come from one machine
with the same libraries. What is recorded is the package that Python finds, which need not be the
one beside this script: set PYTHONPATH to the tree to be tested.
"""

import argparse
import hashlib
import json
import math
import platform
import sys
import time
import warnings
from importlib.metadata import version
from pathlib import Path

import numpy as np
import scipy.linalg
from threadpoolctl import threadpool_limits

KERNELS = ("numpy", "numba")
SAMPLE = 20  # numbers of each part that are kept as they are
get_blas_funcs = scipy.linalg.get_blas_funcs


def aligned(array):
    """Return a copy that begins at a multiple of 64 bytes."""
    memory = np.empty(array.nbytes + 64, np.uint8)
    start = -memory.ctypes.data % 64
    copy = memory[start : start + array.nbytes].view(array.dtype).reshape(array.shape)
    copy[...] = array
    return copy


def steady_blas_funcs(names, arrays=(), *others, **options):
    """Return what scipy does, but an ``asum`` that does not depend on where its argument lies.

    The last bits of OpenBLAS's sum of magnitudes, which is a part of losses with an L1 penalty,
    change with the place of a vector in memory: from run to run of the same code.
    """
    if not isinstance(names, str):
        return [steady_blas_funcs(name, arrays, *others, **options) for name in names]
    function = get_blas_funcs(names, arrays, *others, **options)
    return function if names != "asum" else lambda array: function(aligned(array))


def arrays_of(value):
    """Return a part of a result as a list of arrays."""
    is_list = isinstance(value, list) and any(isinstance(entry, np.ndarray) for entry in value)
    return [np.asarray(entry) for entry in (value if is_list else [value])]


def digest(arrays):
    """Return a digest of types, shapes and bytes."""
    sha = hashlib.sha256()
    for array in arrays:
        sha.update(f"{array.dtype.str}{array.shape}".encode())
        is_plain = array.dtype.kind in "?biufc"
        sha.update(array.tobytes() if is_plain else repr(array.tolist()).encode())
    return sha.hexdigest()


def summary(value):
    """Return what the record keeps of a part: its digest, its size and some of its numbers."""
    arrays = arrays_of(value)
    kept = {"digest": digest(arrays), "size": sum(array.size for array in arrays)}
    if all(array.dtype.kind in "?biuf" for array in arrays):
        flat = np.concatenate([array.ravel().astype(np.float64) for array in arrays])
        places = np.unique(np.linspace(0, max(len(flat) - 1, 0), SAMPLE).astype(int))
        kept["sum"] = math.fsum(flat[np.isfinite(flat)])
        kept["numbers"] = flat[places].tolist() if len(flat) else []
    elif kept["size"] == 1:
        kept["text"] = str(arrays[0].tolist())
    return kept


def run_case(function):
    """Return the summaries of the parts of a case; of one that fails, that of its error."""
    try:
        parts = function()
    except Exception as error:
        parts = {"error": f"{type(error).__name__}: {error}"}
    return {part: summary(value) for part, value in parts.items()}


def record(path):
    """Run all cases and write the record; return how many failed."""
    scipy.linalg.get_blas_funcs = scipy.linalg.blas.get_blas_funcs = steady_blas_funcs
    from bit_cases import CASES  # not before this change; and comparing works without the package

    import skdeep

    print(f"recording {Path(skdeep.__file__).parent}")
    cases, start = {}, time.perf_counter()
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for kernels in KERNELS:
            skdeep.set_kernels(kernels)
            for name, function in CASES.items():
                cases[f"{name} [{kernels}]"] = run_case(function)
    libraries = ("numpy", "scipy", "scikit-learn", "numba")
    versions = {name: version(name) for name in libraries} | {"python": platform.python_version()}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"versions": versions, "cases": cases}, indent=1) + "\n")
    failed = [name for name, parts in cases.items() if "error" in parts]
    for name in failed:
        print(f"failed: {name}: {cases[name]['error'].get('text')}")
    n_parts = sum(map(len, cases.values()))
    seconds = time.perf_counter() - start
    print(f"{len(cases)} cases, {n_parts} parts, {len(failed)} failed, {seconds:.0f} s: {path}")
    return len(failed)


def distance(a, b):
    """Say how far apart two parts with different digests are."""
    if "text" in a or "text" in b:
        return f"{a.get('text', 'numbers')} and {b.get('text', 'numbers')}"
    if "numbers" not in a or "numbers" not in b:
        return "different"
    if a["size"] != b["size"]:
        return f"{a['size']} and {b['size']} numbers"
    first, second = np.array(a["numbers"]), np.array(b["numbers"])
    same = (first == second) | (np.isnan(first) & np.isnan(second))
    largest = np.where(same, 0.0, np.abs(first - second)).max(initial=0.0)
    if largest == 0 and a["sum"] == b["sum"]:
        return f"the numbers kept are the same, {len(first)} of {a['size']}: type or shape?"
    scale = np.abs(first[np.isfinite(first)]).max(initial=0.0)
    text = f"largest difference {largest:.3g} beside {scale:.3g}"
    return f"{text}, in {len(first)} of {a['size']} numbers; sums {a['sum']:.9g}, {b['sum']:.9g}"


def differences(a, b):
    """Return what differs between two summaries of one case: part -> how much."""
    different = {}
    for part in {**a, **b}:
        if part not in a or part not in b:
            different[part] = f"only in the {'first' if part in a else 'second'} record"
        elif a[part]["digest"] != b[part]["digest"]:
            different[part] = distance(a[part], b[part])
    return different


def compare(first, second):
    """Print where two records differ; return in how many cases."""
    a, b = (json.loads(path.read_text()) for path in (first, second))
    if a["versions"] != b["versions"]:
        print(f"The libraries differ: {a['versions']} and {b['versions']}.")
    names = {**a["cases"], **b["cases"]}
    n_different = 0
    for name in names:
        different = differences(a["cases"].get(name, {}), b["cases"].get(name, {}))
        n_different += bool(different)
        if different:
            print(name)
        for part, how_much in different.items():
            print(f"    {part}: {how_much}")
    n_failed = sum("error" in parts for parts in b["cases"].values())
    print(f"{n_different} of {len(names)} cases differ; {n_failed} failed in the second record.")
    return n_different


def arguments():
    """Return what the user asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    recording = commands.add_parser("record", help="run all cases and write a record")
    recording.add_argument("file", type=Path)
    comparing = commands.add_parser("compare", help="exit with 1 if two records differ")
    comparing.add_argument("first", type=Path)
    comparing.add_argument("second", type=Path)
    return parser.parse_args()


def main():
    options = arguments()
    if options.command == "record":
        sys.exit(bool(record(options.file)))
    sys.exit(bool(compare(options.first, options.second)))


if __name__ == "__main__":
    main()
