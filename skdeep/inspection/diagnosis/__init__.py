"""The diagnosis of a fitted network: figures of every layer, findings, remedies."""

from skdeep.inspection.diagnosis.diagnose import diagnose
from skdeep.inspection.diagnosis.finding import Finding
from skdeep.inspection.diagnosis.report import Diagnosis

__all__ = ["Diagnosis", "Finding", "diagnose"]
