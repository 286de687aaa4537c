"""Training on streams: data in pieces, which may be more than memory holds."""

from skdeep.streaming.fit import fit_stream

__all__ = ["fit_stream"]
