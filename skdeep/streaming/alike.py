"""What all pieces of a stream must have alike."""

from __future__ import annotations

from typing import Any

import numpy as np


def check_has_targets(y: Any) -> None:
    """Raise ValueError if a piece has no targets."""
    if y is None:
        raise ValueError(
            "y is missing; give pieces (X, y), or name the column of y in frames by target."
        )


def check_weighted_alike(has_weights: bool, first_has: bool) -> None:
    """Raise ValueError if some pieces have weights and others have none."""
    if has_weights is not first_has:
        raise ValueError("sample_weight must be given with every piece, or with none.")


def check_labels_alike(labels: np.ndarray, others: np.ndarray) -> None:
    """Raise ValueError for strings in one piece and numbers in another, which have no order."""
    kinds = {labels.dtype.kind, others.dtype.kind}
    if "U" in kinds and kinds & set("biuf"):
        raise ValueError(
            f"y holds labels of type {labels.dtype}, but of type {others.dtype} in pieces before; "
            "give labels of one type."
        )
