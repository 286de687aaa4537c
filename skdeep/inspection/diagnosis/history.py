"""Findings on the course of training, and on what it came to."""

import numpy as np

from skdeep.inspection.diagnosis.finding import finding

SHORTEST = 10  # epochs: of fewer nothing is said
DIVERGENCE = 1.1
PEAK = 1.5
RISE = 0.1
OSCILLATION = 0.15
OSCILLATION_WITH_NOISE = 0.3
LAST_TENTH = 0.08
WOBBLE = 0.1
STALL = 0.1
STALLED_FALL, LATER_FALL = 0.01, 0.2
OVERFITTING = 0.2
UNDERFITTING = 0.02

_NOISES = ("dropout", "input_dropout", "input_noise", "target_noise", "augmentation")


def history_findings(evidence):
    """Return what is conspicuous about the course of training and its result."""
    loss = np.asarray(evidence.history.get("loss", ()), float)
    checks = [_underfitting(evidence)]
    if len(loss) >= SHORTEST:
        checks += [
            _divergence(evidence, loss),
            _rate_too_high(evidence, loss),
            _oscillation(evidence, loss),
            _rate_too_low(evidence, loss),
            _plateau(evidence, loss),
            _overfitting(evidence, loss, evidence.history.get("validation_loss")),
        ]
    return [found for found in checks if found is not None]


def _divergence(evidence, loss):
    """The loss ends above its start."""
    figure = loss[-1] / loss[0] if loss[0] > 0 else 0.0
    if figure > DIVERGENCE:
        message = f"the loss ends at {figure:.3g} times its value after the first epoch"
        return finding(evidence, "divergence", figure, DIVERGENCE, message)
    return None


def _rate_too_high(evidence, loss):
    """The loss has climbed far above its start."""
    figure = loss.max() / loss[0] if loss[0] > 0 else 0.0
    if figure > PEAK:
        message = f"the loss climbed to {figure:.3g} times its value after the first epoch"
        return finding(evidence, "rate_too_high", figure, PEAK, message)
    return None


def _oscillation(evidence, loss):
    """The loss rises again and again."""
    params = evidence.estimator.get_params(deep=False)
    is_noisy = any(np.any(params.get(name)) for name in _NOISES)
    threshold = OSCILLATION_WITH_NOISE if is_noisy else OSCILLATION
    figure = np.mean(np.diff(loss) > RISE * np.abs(loss[:-1]))
    if figure > threshold:
        message = f"the loss rose by more than {RISE:.0%} in {figure:.0%} of the epochs"
        return finding(evidence, "oscillation", figure, threshold, message)
    return None


def _rate_too_low(evidence, loss):
    """The loss falls along a line, and goes on falling at the end."""
    fall = loss[0] - loss[-1]
    if np.diff(loss).clip(0).sum() > WOBBLE * fall:
        return None
    last_tenth = max(1, len(loss) // 10)
    figure = (loss[-1 - last_tenth] - loss[-1]) / fall if fall > 0 else 0.0
    if figure > LAST_TENTH:
        message = (
            f"the rate is low: the loss fell nearly along a line, {figure:.0%} of the way in the "
            "last tenth of the epochs"
        )
        return finding(evidence, "rate_too_low", figure, LAST_TENTH, message)
    return None


def _plateau(evidence, loss):
    """A long stretch of epochs brought nothing, and then the loss went on falling."""
    best = np.minimum.accumulate(loss)
    fall = best[0] - best[-1]
    stall = _longest_stall(best, fall) if fall > 0 else 0
    if stall > max(SHORTEST, STALL * len(loss)):
        figure = stall / len(loss)
        message = f"the loss lay on a plateau for {stall} of {len(loss)} epochs before it fell on"
        return finding(evidence, "plateau", figure, STALL, message)
    return None


def _longest_stall(best, fall):
    """Return the epochs of the longest stretch without progress that progress followed."""
    has_later_fall = best - best[-1] > LATER_FALL * fall
    # the last epoch, counted from each one, by which the loss has hardly fallen
    ends = np.searchsorted(-best, -best + STALLED_FALL * fall, side="right") - 1
    return int(np.max((ends - np.arange(len(best)))[has_later_fall], initial=0))


def _overfitting(evidence, loss, validation_loss):
    """The validation loss has risen while the training loss fell; the last model was kept."""
    if validation_loss is None or evidence.estimator.early_stopping:
        return None
    values = np.asarray(validation_loss, float)
    if np.isnan(values).any():  # some epochs were not validated
        return None
    best = int(values.argmin())
    last = float(np.median(values[-5:]))
    figure = last / values[best] - 1 if values[best] > 0 else 0.0
    if figure > OVERFITTING and loss[-1] < loss[best]:
        message = (
            f"the validation loss ends {figure:.0%} above that of epoch {best + 1}, while the "
            "training loss fell"
        )
        return finding(evidence, "overfitting", figure, OVERFITTING, message)
    return None


def _underfitting(evidence):
    """The model is hardly better than a constant, or worse."""
    if evidence.loss is None or not evidence.constant_loss > 0:
        return None
    figure = 1 - evidence.loss / evidence.constant_loss
    if figure >= UNDERFITTING:
        return None
    remedies, how = "underfitting", "is hardly better than that of the best constant"
    if evidence.is_held_down:
        remedies = "held_down"
    elif figure < -UNDERFITTING:
        times = evidence.loss / evidence.constant_loss
        remedies, how = "worse", f"is worse, {times:.3g} times that of the best constant"
    message = f"the loss on the data, {evidence.loss:.4g}, {how}, {evidence.constant_loss:.4g}"
    if evidence.is_held_down:
        message += ", as the penalty holds the weights down"
    return finding(evidence, "underfitting", figure, UNDERFITTING, message, remedies=remedies)
