"""When to stop: epochs without progress, and the model of the best one."""

from math import inf


class Stopping:
    """Watch one number an epoch, the higher the better.

    Parameters
    ----------
    patience : int or inf
        Stop when so many epochs in a row brought no progress.
    tol : float
        Progress is a rise above the best value by more than this.
    watched : str
        What the number is; values of different things are not compared.

    Attributes
    ----------
    best : float
        The best value so far.
    stalled : int
        Epochs since the last progress.
    """

    def __init__(self, patience, tol, watched):
        self.patience = patience
        self.tol = tol
        self.watched = watched
        self.best = -inf
        self.stalled = 0

    def update(self, merit):
        """Take note of an epoch; return True if it is the best so far."""
        self.stalled = 0 if merit > self.best + self.tol else self.stalled + 1
        is_best = merit > self.best
        self.best = max(self.best, merit)
        return is_best

    @property
    def is_over(self):
        """Whether patience has run out."""
        return self.stalled >= self.patience

    def resumed(self, other):
        """Return this one, going on from another that watched the same.

        Patience that has run out begins anew.
        """
        if other.watched == self.watched:
            self.best = other.best
            self.stalled = 0 if other.is_over else other.stalled
        return self
