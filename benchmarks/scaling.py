"""How the cost of training grows with the data and with the network.

python benchmarks/scaling.py --quick
"""

import argparse
import json
import tracemalloc
from pathlib import Path

import machine
import numpy as np
from contestants import Products
from growth import sweeps
from measure import seconds, threads

import skdeep

TOLERANCE = 0.15  # what an exponent may exceed the arithmetic by, before it is flagged


def arguments():
    """Return what the user asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="smaller sizes, one round")
    parser.add_argument("--rounds", type=int, help="rounds (default 3, with --quick 1)")
    parser.add_argument("--threads", type=int, default=1, help="BLAS threads (default 1)")
    parser.add_argument("--output", type=Path, metavar="DIR", help="folder for scaling.*")
    options = parser.parse_args()
    options.rounds = options.rounds or (1 if options.quick else 3)
    return options


def fit(size, X, y, epochs):
    """Train for a fixed number of epochs."""
    return skdeep.MLPClassifier(
        size.hidden,
        batch_size=size.batch,
        max_iter=epochs,
        n_iter_no_change=np.inf,
        random_state=0,
    ).fit(X, y)


def epoch_seconds(size, X, y, minimum):
    """Return the time of the fastest epoch, as disturbances only add; the first one warms up."""
    first = fit(size, X, y, 2).history_["seconds"][1]
    epochs = 1 + max(3, min(100, round(minimum / first)))
    return min(fit(size, X, y, epochs).history_["seconds"][1:])


def products_seconds(products, minimum):
    """Return the least time that the matrix products of an epoch take."""
    times = [seconds(products.fit, 1), seconds(products.fit, 1)]
    while sum(times) < minimum:
        times.append(seconds(products.fit, 1))
    return min(times)


def peak_bytes(size, X, y):
    """Return the peak of the memory that a fit takes beyond X and y."""
    tracemalloc.start()
    try:
        fit(size, X, y, 1)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def measure(size, rounds, minimum):
    """Return what one size costs, and what the arithmetic says."""
    products = Products(size)
    X, y = products.X, products.y
    times, floor = [], []
    for _ in range(rounds):
        times.append(epoch_seconds(size, X, y, minimum))
        floor.append(products_seconds(products, minimum))
    return {
        "epoch_seconds": min(times),
        "all_epoch_seconds": times,
        "products_seconds": min(floor),
        "peak_bytes": peak_bytes(size, X, y),
        "multiplications": size.multiplications(),
        "bytes": size.bytes(),
        "parameter_bytes": 4 * size.parameter_bytes(),
        "batch_bytes": size.batch_bytes(),
        "row_bytes": size.row_bytes(),
        "bound_bytes": size.bound(),
    }


def exponent(values, costs):
    """Return the slope over the upper half on logarithmic scales."""
    half = len(values) // 2
    return float(np.polyfit(np.log(values[half:]), np.log(costs[half:]), 1)[0])


def summarise(name, points):
    """Return measured and expected exponents of time and memory, and what grows faster."""
    values = [point["value"] for point in points]
    row = {"what": name}
    for kind, cost, arithmetic in (
        ("time", "epoch_seconds", "multiplications"),
        ("memory", "peak_bytes", "bytes"),
    ):
        measured = exponent(values, [point[cost] for point in points])
        expected = exponent(values, [point[arithmetic] for point in points])
        row[kind] = {
            "exponent": measured,
            "expected": expected,
            "faster": measured > expected + TOLERANCE,
        }
    floor = exponent(values, [point["products_seconds"] for point in points])
    row["time"]["products"] = floor
    return row


def run(options):
    """Return all numbers, as they go into the JSON file."""
    minimum = 0.05 if options.quick else 0.3
    document = {
        "machine": machine.describe(),
        "settings": {"rounds": options.rounds, "threads": options.threads},
        "sweeps": {},
    }
    for name, sizes in sweeps(options.quick).items():
        print(f"growing {name}", flush=True)
        document["sweeps"][name] = [
            {"value": getattr(size, name), **measure(size, options.rounds, minimum)}
            for size in sizes
        ]
    document["summary"] = [summarise(*item) for item in document["sweeps"].items()]
    return document


def main():
    from scaling_report import draw, tables

    options = arguments()
    with threads(options.threads):
        document = run(options)
    print(tables(document))
    if options.output:
        options.output.mkdir(parents=True, exist_ok=True)
        path = options.output / "scaling.json"
        path.write_text(json.dumps(document, indent=1) + "\n")
        draw(document, options.output / "scaling.png")


if __name__ == "__main__":
    main()
