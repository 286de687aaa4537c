"""Networks as arithmetic: layers on a flat parameter vector, prediction and backpropagation."""

from skdeep.network.architecture import Architecture
from skdeep.network.backprop import Backprop
from skdeep.network.chain import Branch, Chain, Shortcut
from skdeep.network.convolution import Convolution, Filters
from skdeep.network.dense import Dense, TiedDense
from skdeep.network.inputs import FanInDense, FeatureScale, PiecewiseLinear
from skdeep.network.layers import Layer
from skdeep.network.layout import Layout, Parameter
from skdeep.network.names import layer_names
from skdeep.network.network import Network
from skdeep.network.noise import Dropout, GaussianNoise
from skdeep.network.pooling import AveragePooling, MaxPooling
from skdeep.network.stage import Stage

__all__ = [
    "Architecture",
    "AveragePooling",
    "Backprop",
    "Branch",
    "Chain",
    "Convolution",
    "Dense",
    "Dropout",
    "FanInDense",
    "FeatureScale",
    "Filters",
    "GaussianNoise",
    "Layer",
    "Layout",
    "MaxPooling",
    "Network",
    "Parameter",
    "PiecewiseLinear",
    "Shortcut",
    "Stage",
    "TiedDense",
    "layer_names",
]
