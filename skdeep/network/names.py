"""Names of layers: those of their stages, or their kinds with a number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import count

from skdeep.network.layers import Layer


def layer_names(layers: Sequence[Layer]) -> list[str]:
    """Return a name for each layer, no two alike.

    The name is that of the layer's stage, or, as in ``"dense_0"``, the kind of the layer and a
    number, which counts those of the kind without a name. Names that several stages have get
    numbers, too.
    """
    given = Counter(layer.stage_name for layer in layers)
    taken = {name for name, times in given.items() if name and times == 1}
    return [
        layer.stage_name
        if given[layer.stage_name] == 1 and layer.stage_name
        else _next(layer, taken)
        for layer in layers
    ]


def _next(layer, taken):
    """Return the next name that a layer may have, which is taken then."""
    stem = layer.stage_name or re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", type(layer).__name__).lower()
    name = next(name for number in count() if (name := f"{stem}_{number}") not in taken)
    taken.add(name)
    return name
