"""Networks as arithmetic: layers on a flat parameter vector, prediction and backpropagation."""

from skdeep.network.architecture import (
    AutoencoderArchitecture,
    ConvolutionArchitecture,
    DenseArchitecture,
    Stage,
)
from skdeep.network.backprop import Backprop
from skdeep.network.convolution import Filters
from skdeep.network.network import Network
from skdeep.network.noise import Noise

__all__ = [
    "AutoencoderArchitecture",
    "Backprop",
    "ConvolutionArchitecture",
    "DenseArchitecture",
    "Filters",
    "Network",
    "Noise",
    "Stage",
]
