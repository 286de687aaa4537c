"""Training: batches, the objective, the loop and its observers, validation and stopping."""

from skdeep.training.batches import Data
from skdeep.training.encoded import ClassTargets, LabelTargets, ValueTargets
from skdeep.training.observers import Observer
from skdeep.training.plan import TrainingPlan
from skdeep.training.pool import Passing, check_same_rows
from skdeep.training.state import TrainingState
from skdeep.training.stopping import Stopping
from skdeep.training.streams import Streams
from skdeep.training.trainer import Trainer
from skdeep.training.validation import Validation

__all__ = [
    "ClassTargets",
    "Data",
    "LabelTargets",
    "Observer",
    "Passing",
    "Stopping",
    "Streams",
    "Trainer",
    "TrainingPlan",
    "TrainingState",
    "Validation",
    "ValueTargets",
    "check_same_rows",
]
