"""What it takes to be measured."""

from importlib.util import find_spec


class Contestant:
    """One way to train one case.

    Attributes
    ----------
    key, label : str
    needs : tuple of str
        The packages it cannot do without.
    predicts : bool
        Whether it learns anything to predict with.
    """

    key = label = ""
    needs = ()
    predicts = True

    def __init__(self, case):
        self.case = case
        self.X, self.y = case.data()
        self.model = None

    @classmethod
    def missing(cls):
        """Return the packages that are not installed."""
        return [name for name in cls.needs if find_spec(name) is None]

    @classmethod
    def knows(cls, case):
        """Whether it has what the case asks for."""
        return True

    def fit(self, epochs):
        """Train a new network for a fixed number of epochs."""
        raise NotImplementedError

    def predict(self, X):
        """Return the labels."""
        return self.model.predict(X)

    def predict_proba(self, X):
        """Return the probabilities of the classes."""
        return self.model.predict_proba(X)
