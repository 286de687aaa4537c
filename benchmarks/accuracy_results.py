"""Medians over seeds, ratios to peers, and what they say over all tables."""

from dataclasses import dataclass
from statistics import median

import numpy as np
from scipy.stats import rankdata

RESAMPLES = 10_000
CLIP = 2.0  # ratios further from 1 count as this much in the clipped mean
SMALLEST = 1e-6  # of 1 - R2, and of losses


@dataclass(frozen=True)
class Comparison:
    """One contestant against one peer, over the tables that both know."""

    ratios: np.ndarray
    cpu: np.ndarray
    low: float
    high: float

    @property
    def mean(self):
        """The geometric mean of the ratios of errors; below 1 is better than the peer."""
        return geometric_mean(self.ratios)

    @property
    def clipped(self):
        """The same where no table counts more than a factor of two."""
        return geometric_mean(np.clip(self.ratios, 1 / CLIP, CLIP))

    @property
    def wins(self):
        """Tables won, tied and lost."""
        below, above = np.sum(self.ratios < 1), np.sum(self.ratios > 1)
        return f"{below}-{len(self.ratios) - below - above}-{above}"


def geometric_mean(values):
    """Return the geometric mean."""
    return float(np.exp(np.mean(np.log(values))))


def bootstrap(ratios):
    """Return a 95 % interval of the geometric mean, from tables drawn with replacement."""
    rng = np.random.default_rng(0)
    drawn = rng.integers(0, len(ratios), (RESAMPLES, len(ratios)))
    means = np.exp(np.log(ratios)[drawn].mean(axis=1))
    return [float(bound) for bound in np.quantile(means, [0.025, 0.975])]


class Results:
    """Runs, and what is asked of them.

    Parameters
    ----------
    runs : list of dict
        As they are in the JSON files; of several with the same seed the last one counts.
    stand_ins : dict
        {key: key of the contestant whose classification it shares}.
    """

    def __init__(self, runs, stand_ins=None):
        self.tables = {}
        self._runs = {}
        for run in sorted(runs, key=lambda run: (run["kind"], run["rows"][0], run["table"])):
            name = run["table"]
            self.tables[name] = {"kind": run["kind"], "rows": run["rows"]}
            self._runs.setdefault((name, run["contestant"]), {})[run["seed"]] = run
        measured = {contestant for _, contestant in self._runs}
        for key, other in (stand_ins or {}).items():
            for name in self.of_kind("classification") if key in measured else []:
                if (name, other) in self._runs:
                    self._runs.setdefault((name, key), self._runs[name, other])
        self.contestants = {contestant for _, contestant in self._runs}

    def of_kind(self, kind):
        """Return the names of the tables of a kind."""
        return [name for name, table in self.tables.items() if table["kind"] == kind]

    def seeds(self, contestant):
        """Return the number of seeds on the table with the fewest."""
        return min(len(runs) for (_, key), runs in self._runs.items() if key == contestant)

    def values(self, table, contestant, what):
        """Return a measurement of every seed."""
        return [run[what] for run in self._runs.get((table, contestant), {}).values()]

    def typical(self, table, contestant, what):
        """Return the median over the seeds, or None."""
        values = self.values(table, contestant, what)
        return median(values) if values else None

    def errors(self, table, contestant):
        """Return the error, or 1 - R2, of every seed; half a test row is the least error."""
        if self.tables[table]["kind"] == "classification":
            least = 0.5 / self.tables[table]["rows"][1]
            return [max(value, least) for value in self.values(table, contestant, "error")]
        return [max(1 - value, SMALLEST) for value in self.values(table, contestant, "r2")]

    def error(self, table, contestant):
        """Return the median over the seeds, or None."""
        values = self.errors(table, contestant)
        return median(values) if values else None

    def spread(self, contestant):
        """Return the range over the seeds relative to the median, at the median of the tables."""
        spreads = []
        for table in self.tables:
            errors = self.errors(table, contestant)
            if len(errors) > 1:
                spreads.append((max(errors) - min(errors)) / median(errors))
        return median(spreads) if spreads else None

    def common(self, *contestants):
        """Return the tables that all these know."""
        return [
            table
            for table in self.tables
            if all((table, contestant) in self._runs for contestant in contestants)
        ]

    def compare(self, ours, peer):
        """Return a comparison, or None where there is no table for it."""
        tables = self.common(ours, peer)
        if not tables:
            return None
        ratios = np.array([self.error(name, ours) / self.error(name, peer) for name in tables])
        cpu = self.ratios(ours, peer, "cpu_seconds")
        return Comparison(ratios, cpu, *bootstrap(ratios))

    def ratios(self, ours, peer, what):
        """Return the ratios of any measurement, of the tables that have it."""
        pairs = [
            (self.typical(table, ours, what), self.typical(table, peer, what))
            for table in self.common(ours, peer)
            if all(what in self._any(table, key) for key in (ours, peer))
        ]
        return np.array([max(own, SMALLEST) / max(other, SMALLEST) for own, other in pairs])

    def _any(self, table, contestant):
        return next(iter(self._runs[table, contestant].values()))

    def standings(self, contestants):
        """Return, over the tables that all know, ranks, first places, excess errors and CPU times.

        The excess is the error above the table's best in units of that best, at most 1.
        """
        tables = self.common(*contestants)
        if not tables:
            return 0, {}
        errors = np.array([[self.error(name, key) for key in contestants] for name in tables])
        cpu = np.array(
            [[self.typical(name, key, "cpu_seconds") for key in contestants] for name in tables]
        )
        best = errors.min(axis=1, keepdims=True)
        columns = {
            "rank": rankdata(errors, axis=1).mean(axis=0),
            "first": (errors == best).sum(axis=0),
            "excess": np.minimum(errors / best - 1, 1).mean(axis=0),
            "cpu_seconds": np.exp(np.log(np.maximum(cpu, SMALLEST)).mean(axis=0)),
        }
        return len(tables), {
            key: {what: float(values[i]) for what, values in columns.items()}
            for i, key in enumerate(contestants)
        }
