"""The ratios that skdeep sets itself to reach, and whether it does."""

from statistics import median
from typing import NamedTuple

# at most so many times the bare matrix products
FLOOR = {"tiny": 2, "small": 1.6, "digits": 1.25, "default": 1.25, "deeper": 1.25, "wide": 1.15}
# dropout adds at most so many times the bare matrix products
DROPOUT = {"deeper-dropout": 0.15, "wide-dropout": 0.15}
# at least so many times faster than scikit-learn, with numba and without
SKLEARN = {"tiny": 12, "small": 4.5, "digits": 4.5, "default": 1.8, "deeper": 1.8, "wide": 1.8}
NUMPY = {"tiny": 3, "small": 3, "digits": 3, "default": 1, "deeper": 1, "wide": 1}


class Target(NamedTuple):
    """One ratio to reach."""

    what: str
    case: str
    threads: int
    ratio: float
    bound: float
    at_most: bool

    @property
    def met(self):
        """Whether it is reached."""
        return self.ratio <= self.bound if self.at_most else self.ratio >= self.bound


def check(results):
    """Return the targets that this run can judge."""
    targets = []
    for threads in results.thread_counts:
        for case in results.cases:
            targets += _of_case(results, case.key, threads)
    return [target for target in targets if target.ratio is not None]


def _of_case(results, case, threads):
    def ratio(above, below, what="step_us"):
        return results.ratio(case, threads, above, below, what)

    found = []

    def add(what, value, bound, at_most=False):
        if bound is not None:
            found.append(Target(what, case, threads, value, bound, at_most))

    add("step over bare GEMMs", ratio("skdeep", "gemms"), FLOOR.get(case), at_most=True)
    add("added by dropout", _dropout(results, case, threads), DROPOUT.get(case), at_most=True)
    add("faster than scikit-learn", ratio("sklearn", "skdeep"), SKLEARN.get(case))
    add("faster than torch", ratio("torch", "skdeep"), 1)
    add("numpy, faster than scikit-learn", ratio("sklearn", "skdeep-numpy"), NUMPY.get(case))
    add("predict one row, faster", ratio("sklearn", "skdeep", "predict_us"), 1)
    add("predict_proba one row, faster", ratio("sklearn", "skdeep", "proba_us"), 1)
    return found


def _dropout(results, case, threads):
    """Return what dropout adds, in units of the floor, as the median over rounds; or None."""
    if case not in DROPOUT:
        return None
    with_it = results.ratios(case, threads, "skdeep", "gemms")
    without = results.ratios(case.removesuffix("-dropout"), threads, "skdeep", "gemms")
    added = [with_it[number] - without[number] for number in with_it.keys() & without.keys()]
    return median(added) if added else None
