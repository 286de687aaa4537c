"""What set_callbacks and the parameter callbacks say, with any version of scikit-learn."""

import pytest

from skdeep import MLPClassifier, TabularMLPRegressor, _callbacks
from skdeep.model_selection import CoarseToFineSearchCV, LearningRateRangeTest


class Silent:
    """A callback of scikit-learn's kind."""

    def setup(self, estimator, context):
        pass

    def on_fit_task_begin(self, estimator, context):
        pass

    def on_fit_task_end(self, estimator, context):
        pass

    def teardown(self, estimator, context):
        pass


def test_the_constructor_refuses_callbacks_of_scikit_learns_kind():
    with pytest.raises(TypeError, match="given by the method set_callbacks"):
        MLPClassifier(callbacks=[Silent()]).fit([[0.0], [1.0]], [0, 1])


@pytest.mark.parametrize(
    "model",
    [
        MLPClassifier(),
        TabularMLPRegressor(),
        CoarseToFineSearchCV(MLPClassifier()),
        LearningRateRangeTest(MLPClassifier()),
    ],
)
def test_set_callbacks_says_what_it_needs(model, monkeypatch):
    monkeypatch.setattr(_callbacks, "CallbackSupportMixin", None)
    with pytest.raises(ImportError, match=r"needs scikit-learn 1\.9 or newer, here is \d+\."):
        model.set_callbacks(Silent())
