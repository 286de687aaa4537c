"""What a network is made of: as text, as HTML, and as a drawing."""

from skdeep.inspection.summary.summarise import NetworkSummary, summary

__all__ = ["NetworkSummary", "summary"]
