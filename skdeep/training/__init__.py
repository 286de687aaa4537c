"""Training: batches, the objective, the loop, validation and stopping."""

from skdeep.training.batches import Data
from skdeep.training.state import TrainingState
from skdeep.training.stopping import Stopping
from skdeep.training.streams import Streams
from skdeep.training.targets import ClassTargets, LabelTargets, ValueTargets
from skdeep.training.trainer import Trainer, TrainingOptions
from skdeep.training.validation import Validation

__all__ = [
    "ClassTargets",
    "Data",
    "LabelTargets",
    "Stopping",
    "Streams",
    "Trainer",
    "TrainingOptions",
    "TrainingState",
    "Validation",
    "ValueTargets",
]
