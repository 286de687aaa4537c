"""Findings: what is wrong, by which figure, and what to do about it."""

from dataclasses import dataclass

from skdeep.inspection.diagnosis.remedies import remedy_for


@dataclass(frozen=True)
class Finding:
    """Something conspicuous about a fitted network.

    Parameters
    ----------
    kind : str
        What it is, e.g. ``"dead_units"``; :func:`skdeep.inspection.diagnose` lists all.
    layer : int or None
        The layer, from 1; None for what concerns the whole network.
    figure : float
        What was measured.
    threshold : float
        The value beyond which it is conspicuous.
    message : str
        The same in words.
    remedy : str
        What to change, in the estimator's parameters.
    """

    kind: str
    layer: int | None
    figure: float
    threshold: float
    message: str
    remedy: str

    def __str__(self):
        return f"{self.message}: {self.remedy}"


def finding(evidence, kind, figure, threshold, message, layer=None, remedies=None):
    """Return a finding with the remedies, those of its kind or others, that suit an estimator."""
    remedy = remedy_for(remedies or kind, evidence.estimator, evidence.is_scaled)
    return Finding(kind, layer, float(figure), float(threshold), message, remedy)


_BAD_UNITS = {"vanishing_gradients", "plateau", "underfitting", "rate_too_low"}
_BAD_RATE = {"oscillation", "rate_too_high", "rate_too_low", "plateau", "underfitting"}

CONSEQUENCES = {
    "equal_units": {"dead_units", "saturated_units", *_BAD_UNITS},
    "saturated_units": {"large_weights", "exploding_gradients", *_BAD_UNITS},
    "dead_units": _BAD_UNITS,
    "vanishing_gradients": _BAD_UNITS - {"vanishing_gradients"},
    "exploding_gradients": {"underfitting"},
    "large_weights": {"underfitting"},
    "divergence": _BAD_RATE,
    "rate_too_high": _BAD_RATE - {"rate_too_high"},
    "oscillation": {"rate_too_low", "plateau", "underfitting"},
    "rate_too_low": {"plateau", "underfitting"},
}


# what weights close to zero look like, and a loss that is mostly a falling penalty
OF_THE_PENALTY = {"dead_units", "equal_units", "saturated_units", "oscillation", *_BAD_UNITS}
OF_THE_PENALTY -= {"underfitting"}


def without_consequences(findings, is_held_down=False, is_scaled=True):
    """Return the findings that nothing else explains: no other finding, and no strong penalty.

    Whether a model is worse than a constant is told in any case if its inputs are not scaled.
    """
    if is_held_down:
        findings = [found for found in findings if found.kind not in OF_THE_PENALTY]
    explained = set().union(*(CONSEQUENCES.get(found.kind, ()) for found in findings))
    if not is_scaled and any(
        found.kind == "underfitting" and found.figure < 0 for found in findings
    ):
        explained.discard("underfitting")
    return [found for found in findings if found.kind not in explained]


def _is_worse(found):
    return found.kind == "underfitting" and found.figure < 0
