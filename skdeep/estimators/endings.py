"""Schedules that end before training does."""

from skdeep._warnings import warn

_SPENT = 1e-3  # of the initial rate: what is learnt at less is hardly worth the time


def warn_of_spent_schedule(plan, state, name, by_pieces):
    """Warn, once a training, if it goes on although the schedule has come to its end.

    Parameters
    ----------
    plan : TrainingPlan
        How training goes on.
    state : TrainingState
        Where it goes on from.
    name : str or Schedule
        The estimator's parameter.
    by_pieces : bool
        Whether ``partial_fit`` is called, and not ``fit``.
    """
    spent = _spent(plan, state, by_pieces)
    if spent is None:
        return
    advice = (
        "every call of partial_fit counts as an epoch. Plan the schedule for the number of calls, "
        "or use skdeep.streaming.fit_stream, where an epoch is a pass over all pieces."
        if by_pieces
        else "the epochs of earlier fits count under warm_start. Use another learning_rate, or "
        "start anew."
    )
    warn(f"Training goes on, but learning_rate={name!r} {spent}; {advice}")


def _spent(plan, state, by_pieces):
    """Return words for how a schedule has come to its end, or None if it has not just done so."""
    schedule, epochs = plan.schedule, state.epoch
    if schedule.has_horizon:
        # later calls of partial_fit need not say it again
        has_ended = epochs == plan.max_iter if by_pieces else epochs >= plan.max_iter
        words = f"ended after max_iter={plan.max_iter} epochs, and the rate stays what it was then"
        return words if has_ended else None
    rates, least = state.history.get("learning_rate", [])[-2:], _SPENT * plan.learning_rate_init
    if by_pieces and schedule.counts_epochs and len(rates) == 2 and rates[1] < least <= rates[0]:
        return f"has gone down to {rates[1]:.1g} in {epochs} epochs"
    return None
