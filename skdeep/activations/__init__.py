"""Activations: one class each, by name or as an object, for all hidden layers or each."""

from skdeep.activations.base import ACTIVATIONS, Activation
from skdeep.activations.rectifiers import ELU, SELU, LeakyReLU, Maxout, PReLU, ReLU
from skdeep.activations.smooth import GELU, Identity, Mish, Sigmoid, SiLU, Softplus, Tanh

__all__ = [
    "ACTIVATIONS",
    "ELU",
    "GELU",
    "SELU",
    "Activation",
    "Identity",
    "LeakyReLU",
    "Maxout",
    "Mish",
    "PReLU",
    "ReLU",
    "SiLU",
    "Sigmoid",
    "Softplus",
    "Tanh",
]
