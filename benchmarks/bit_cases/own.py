"""Components of one's own, by inheritance from the public base classes."""

import numpy as np

from bit_cases.tools import DIGITS, OUTPUTS, case, classifier, fits, image_classifier, regressor
from skdeep.activations import Activation, ReLU
from skdeep.initializers import Initializer
from skdeep.losses import Loss
from skdeep.optimizers import Optimizer
from skdeep.schedules import Schedule


class Sine(Activation):
    """An activation."""

    def forward(self, z, out, theta):
        """Write the sine."""
        np.sin(z, out=out)

    def backward(self, z, out, delta, theta, theta_gradient):
        """Multiply by the cosine."""
        delta *= np.cos(z)
        return delta


class DoubledReLU(ReLU):
    """An activation that inherits, and must not run on the kernel of what it inherits from."""

    def forward(self, z, out, theta):
        """Write twice the ReLU."""
        super().forward(z, out, theta)
        out *= 2

    def backward(self, z, out, delta, theta, theta_gradient):
        """Multiply the ReLU's slope by two."""
        delta = super().backward(z, out, delta, theta, theta_gradient)
        delta *= 2
        return delta


class LogCosh(Loss):
    """A loss."""

    def evaluate(self, z, y, rows, delta):
        """Write log(cosh(z - y)), and its slope."""
        np.subtract(z, y, out=delta)
        rows[...] = np.log(np.cosh(delta)).mean(axis=1)
        np.tanh(delta, out=delta)
        delta /= z.shape[1]


class Triangle(Schedule):
    """A schedule."""

    per = "step"

    def rate(self, initial, clock):
        """Return a rate that rises and falls."""
        return initial * (1.1 - abs(2 * clock.progress - 1))


class SignDescent(Optimizer):
    """An optimizer."""

    def _update(self, w, g, rate, t, scratch):
        np.sign(g, out=g)
        g *= rate
        w -= g


class Thin(Initializer):
    """An initializer."""

    def sample(self, shape, fan_in, fan_out, rng):
        """Return a few weights that are not zero."""
        return rng.standard_normal(shape) * (rng.random(shape) < 0.1)


@case("components of one's own")
def _():
    own = {"optimizer": SignDescent(), "learning_rate": Triangle(), "init": Thin()}
    return fits(
        {
            "classes": (classifier(activation=[Sine(), DoubledReLU()], **own), DIGITS),
            "numbers": (regressor(activation=DoubledReLU(), loss=LogCosh()), OUTPUTS),
            "images": (image_classifier(activation=Sine(), pooling="average"), DIGITS),
        }
    )
