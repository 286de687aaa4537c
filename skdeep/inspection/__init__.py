"""Looking into networks: pictures of training, of losses, of activations and of weights."""

from skdeep.inspection.activation_statistics import ActivationStatisticsDisplay
from skdeep.inspection.activations import ActivationDisplay
from skdeep.inspection.diagnosis import Diagnosis, Finding, diagnose
from skdeep.inspection.history import TrainingHistoryDisplay
from skdeep.inspection.loss_slices import LossCurveSliceDisplay
from skdeep.inspection.loss_surface import LossSurfaceDisplay
from skdeep.inspection.optimizer_paths import OptimizerPathDisplay
from skdeep.inspection.paths import TrainingPath, record_path
from skdeep.inspection.schedules import LearningRateDisplay
from skdeep.inspection.summary import NetworkSummary, summary
from skdeep.inspection.weights import WeightImageDisplay

__all__ = [
    "ActivationDisplay",
    "ActivationStatisticsDisplay",
    "Diagnosis",
    "Finding",
    "LearningRateDisplay",
    "LossCurveSliceDisplay",
    "LossSurfaceDisplay",
    "NetworkSummary",
    "OptimizerPathDisplay",
    "TrainingHistoryDisplay",
    "TrainingPath",
    "WeightImageDisplay",
    "diagnose",
    "record_path",
    "summary",
]
