"""What turns the columns of a table into inputs that networks learn well from."""

from skdeep.preprocessing.piecewise import PiecewiseLinearEncoder
from skdeep.preprocessing.scaling import SmoothScaler

__all__ = ["PiecewiseLinearEncoder", "SmoothScaler"]
