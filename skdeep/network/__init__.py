"""Networks as arithmetic: layers on a flat parameter vector, prediction and backpropagation."""

from skdeep.network.backprop import Backprop
from skdeep.network.network import DenseArchitecture, Network
from skdeep.network.noise import Noise

__all__ = ["Backprop", "DenseArchitecture", "Network", "Noise"]
