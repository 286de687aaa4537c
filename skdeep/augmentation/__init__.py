"""Augmentation: new samples from old ones, drawn afresh for every batch."""

from skdeep.augmentation.affine import Affine
from skdeep.augmentation.base import AUGMENTATIONS, Augmentation
from skdeep.augmentation.compose import Compose
from skdeep.augmentation.geometry import RandomFlip, RandomRotation, RandomShift, RandomZoom
from skdeep.augmentation.images import ImageAugmentation
from skdeep.augmentation.vectors import GaussianNoise, Mixup

__all__ = [
    "AUGMENTATIONS",
    "Affine",
    "Augmentation",
    "Compose",
    "GaussianNoise",
    "ImageAugmentation",
    "Mixup",
    "RandomFlip",
    "RandomRotation",
    "RandomShift",
    "RandomZoom",
]
