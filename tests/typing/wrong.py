"""Code that fails when it runs, in ``fit`` at the latest, and that a type checker must refuse.

``# expect: error`` marks every line that both checkers must refuse. Where it says ``(pyright)``
mypy sees nothing, since scikit-learn, whose classes these are based on, has no annotations.
"""

import numpy as np

import skdeep
from skdeep import Autoencoder, CNNClassifier, MLPClassifier, MLPRegressor, TabularMLPClassifier
from skdeep.activations import LeakyReLU, Maxout
from skdeep.augmentation import Compose, GaussianNoise, RandomShift
from skdeep.initializers import HeNormal
from skdeep.inspection import (
    LossSurfaceDisplay,
    OptimizerPathDisplay,
    TrainingHistoryDisplay,
    diagnose,
    summary,
)
from skdeep.losses import Huber
from skdeep.model_selection import CoarseToFineSearchCV, LearningRateRangeTest
from skdeep.network import Dense, Parameter, Stage
from skdeep.optimizers import LBFGS, Adam, LineSearch
from skdeep.preprocessing import SmoothScaler
from skdeep.schedules import Clock, Cosine, ExponentialDecay, Warmup
from skdeep.training import Observer

X, y = np.zeros((4, 3)), np.array([0, 1, 0, 1])

# parameters of the wrong type
MLPClassifier(optimizer=3)  # expect: error
MLPClassifier(optimizer=None)  # expect: error
MLPClassifier(optimizer=Adam)  # expect: error
MLPClassifier(optimizer=Maxout())  # expect: error (pyright)
MLPClassifier(activation=Adam())  # expect: error (pyright)
MLPClassifier(activation=["relu", 3])  # expect: error
MLPClassifier(learning_rate=0.1)  # expect: error
MLPClassifier(learning_rate_init=Cosine())  # expect: error (pyright)
MLPClassifier("relu")  # expect: error
MLPClassifier(hidden_layer_sizes=1.5)  # expect: error
MLPClassifier(hidden_layer_sizes=["ten"])  # expect: error
MLPClassifier(batch_size="all")  # expect: error
MLPClassifier(batch_size=0.5)  # expect: error
MLPClassifier(dtype="float16")  # expect: error
TabularMLPClassifier(4)  # expect: error
TabularMLPClassifier(effort="high")  # expect: error
TabularMLPClassifier(optimizer="adam")  # expect: error
MLPClassifier(class_weight="equal")  # expect: error
MLPClassifier(alpha="strong")  # expect: error
MLPClassifier(random_state="zero")  # expect: error
MLPRegressor(loss=abs)  # expect: error
CNNClassifier(conv_layers=3)  # expect: error
CNNClassifier(padding="zeros")  # expect: error
Autoencoder(scoring="accuracy")  # expect: error

# parameters that are not there, or not in this place
MLPClassifier(momentum=0.9)  # expect: error
MLPClassifier(target_noise=0.1)  # expect: error
MLPRegressor(class_weight="balanced")  # expect: error
MLPRegressor(input_shape=(8, 8))  # expect: error
MLPClassifier((10,), "relu", "auto")  # expect: error

# data
MLPClassifier().fit(X)  # expect: error
MLPClassifier().fit(3, y)  # expect: error
MLPClassifier().fit(X, y, X_test=X)  # expect: error
MLPClassifier().predict(None)  # expect: error
MLPClassifier().partial_fit(X, y, classes=2)  # expect: error
Autoencoder().fit(X, y_val=X)  # expect: error

# results
print(MLPClassifier().fit(X, y).alpha.shape)  # expect: error
print(MLPClassifier().predict(X).labels)  # expect: error
MLPClassifier().predict(X, y)  # expect: error
print(MLPClassifier().coef_)  # expect: error (pyright)
print(MLPClassifier().target_noise)  # expect: error (pyright)
MLPClassifier().alpha = "strong"  # expect: error
MLPClassifier().max_iter = None  # expect: error
MLPClassifier().loss_curve_ = [1.0]  # expect: error

# the parts and the tools
LeakyReLU(slope="steep")  # expect: error
Maxout(pieces=2.5)  # expect: error
HeNormal(scale=2)  # expect: error
Adam(beta_1="x")  # expect: error
Adam(momentum=0.9)  # expect: error
LBFGS(history_size="long")  # expect: error
LineSearch(factors=0.1)  # expect: error
Cosine(final_factor=None)  # expect: error
ExponentialDecay(per="batch")  # expect: error
Warmup(Adam())  # expect: error (pyright)
Warmup(epochs="five")  # expect: error
Cosine().rate(0.1, 5)  # expect: error
Clock(step=1, epoch=1)  # expect: error
Huber(delta="wide")  # expect: error
SmoothScaler(clip="tight")  # expect: error
SmoothScaler().fit(3)  # expect: error
skdeep.set_kernels("cupy")  # expect: error
Parameter("gain", (3,), "gain")  # expect: error
Parameter("gain", 3, "scale")  # expect: error
Stage(Adam, {})  # expect: error (pyright)
Stage(Dense(n_units=3))  # expect: error
RandomShift(max_shift=0.5)  # expect: error
Compose(RandomShift())  # expect: error (pyright)
Compose(["random_shift"])  # expect: error
GaussianNoise().sample(X, random_state="zero")  # expect: error
diagnose(MLPClassifier())  # expect: error
diagnose(MLPClassifier, X)  # expect: error (pyright)
TrainingHistoryDisplay.from_estimator({"loss": [1.0]})  # expect: error (pyright)
TrainingHistoryDisplay.from_estimator(MLPClassifier()).plot(kind="bar")  # expect: error
TrainingHistoryDisplay.from_estimator(MLPClassifier(), draw="no")  # expect: error
summary(MLPClassifier()).plot(kind="bar")  # expect: error
LossSurfaceDisplay.from_estimator(MLPClassifier(), X, y, directions="pca")  # expect: error
OptimizerPathDisplay.from_surface("ravine", [Adam(), 0.1])  # expect: error
LearningRateRangeTest(MLPClassifier(), epochs="three")  # expect: error
CoarseToFineSearchCV(MLPClassifier(), n_rounds=1.5)  # expect: error


class Narrow(Observer):
    """An observer that does not take what it is told."""

    def end_epoch(self, trainer) -> bool:  # expect: error
        return trainer.state.epoch > 3
