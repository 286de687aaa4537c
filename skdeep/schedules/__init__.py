"""Learning-rate schedules: the rate of every update, for every stochastic optimizer."""

from skdeep.schedules.base import SCHEDULES, Clock, Schedule
from skdeep.schedules.decays import (
    Constant,
    ExponentialDecay,
    InverseScaling,
    InverseTimeDecay,
    StepDecay,
)
from skdeep.schedules.planned import Cosine, CosineLog, OneCycle, Warmup
from skdeep.schedules.watching import Adaptive, ValidationDecay

__all__ = [
    "SCHEDULES",
    "Adaptive",
    "Clock",
    "Constant",
    "Cosine",
    "CosineLog",
    "ExponentialDecay",
    "InverseScaling",
    "InverseTimeDecay",
    "OneCycle",
    "Schedule",
    "StepDecay",
    "ValidationDecay",
    "Warmup",
]
