"""Medians and ratios of what was measured; ratios are taken round by round."""

from statistics import median


class Results:
    """Raw numbers of a run, and what is asked of them.

    Parameters
    ----------
    cases : list of Case
    document : dict
        What goes into the JSON file: "runs" and "losses" are lists of dicts.
    """

    def __init__(self, cases, document):
        self.cases = cases
        self.document = document
        self.thread_counts = sorted({run["threads"] for run in document["runs"]})
        self._runs = {}
        for run in document["runs"]:
            place = run["case"], run["threads"], run["contestant"]
            self._runs.setdefault(place, {})[run["round"]] = run
        self._losses = {
            (row["case"], row["contestant"]): row["log_loss"] for row in document["losses"]
        }

    def by_round(self, case, threads, contestant, what="step_us"):
        """Return {round: value}; empty where the contestant does not know the case.

        The floor is what the machine can do with up to so many threads: small products are faster
        with one.
        """
        values = {}
        allowed = [n for n in self.thread_counts if n <= threads]
        for n in allowed if contestant == "gemms" else [threads]:
            for number, run in self._runs.get((case, n, contestant), {}).items():
                if what in run:
                    values[number] = min(run[what], values.get(number, run[what]))
        return values

    def typical(self, case, threads, contestant, what="step_us"):
        """Return the median over the rounds, or None."""
        values = self.by_round(case, threads, contestant, what)
        return median(values.values()) if values else None

    def ratio(self, case, threads, above, below, what="step_us"):
        """Return the median of the rounds' ratios, or None."""
        ratios = self.ratios(case, threads, above, below, what)
        return median(ratios.values()) if ratios else None

    def ratios(self, case, threads, above, below, what="step_us"):
        """Return {round: ratio}."""
        above = self.by_round(case, threads, above, what)
        below = self.by_round(case, threads, below, what)
        return {number: above[number] / below[number] for number in above.keys() & below.keys()}

    def loss(self, case, contestant):
        """Return the log loss after training, or None."""
        return self._losses.get((case, contestant))

    def disturbance(self):
        """Return what share of a fit with one thread the machine gave to others, at the median."""
        shares = [
            1 - run["cpu_seconds"] / run["wall_seconds"]
            for run in self.document["runs"]
            if run["threads"] == 1
        ]
        return median(shares) if shares else None

    def summary(self):
        """Return all medians, and the ratios of training to the floor and to skdeep."""
        rows = []
        for case, threads, contestant in self._runs:
            row = {"case": case, "threads": threads, "contestant": contestant}
            for what in ("step_us", "predict_us", "proba_us", "rows_per_second"):
                row[what] = self.typical(case, threads, contestant, what)
            row["step_to_gemms"] = self.ratio(case, threads, contestant, "gemms")
            row["step_to_skdeep"] = self.ratio(case, threads, contestant, "skdeep")
            rows.append(row)
        return rows


def ensemble_summary(runs):
    """Return, for every task and number of jobs, medians and the median of the ratios."""
    times, scores = {}, {}
    for run in runs:
        if run["round"] >= 0:
            place = run["task"], run["n_jobs"]
            times.setdefault(place, {}).setdefault(run["library"], []).append(run["seconds"])
            scores[(*place, run["library"])] = run["accuracy"]
    return [
        {
            "task": task,
            "n_jobs": n_jobs,
            **{f"{library}_seconds": median(values) for library, values in both.items()},
            **{f"{library}_accuracy": scores[task, n_jobs, library] for library in both},
            "ratio": median(
                theirs / ours for theirs, ours in zip(both["sklearn"], both["skdeep"], strict=True)
            ),
        }
        for (task, n_jobs), both in times.items()
    ]
