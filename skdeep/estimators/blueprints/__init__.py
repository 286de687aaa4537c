"""From parameters to architectures: one blueprint for each family of networks."""

from skdeep.estimators.blueprints.autoencoder import AutoencoderBlueprint
from skdeep.estimators.blueprints.convolution import ConvolutionBlueprint
from skdeep.estimators.blueprints.dense import DenseBlueprint

__all__ = ["AutoencoderBlueprint", "ConvolutionBlueprint", "DenseBlueprint"]
