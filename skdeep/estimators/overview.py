"""What a network is made of and costs, layer by layer, and the HTML view of estimators with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Literal

from skdeep.activations import Identity
from skdeep.estimators.tables import html_table, text_table
from skdeep.network import Branch, Chain, Layer, Network, Shortcut, layer_names
from skdeep.network.layout import KINDS

_UNITS = ("bytes", "kB", "MB", "GB", "TB")
N_WORDS = 3  # columns of words, before those of numbers


@dataclass(frozen=True)
class LayerSummary:
    """A layer of a network, or a group of layers, such as those within a shortcut.

    Parameters
    ----------
    name : str
        The name as in ``named_parameters_``; groups have names of the same form.
    kind : str
        The kind of layer, and its activation if that is not the identity.
    shape : tuple of int
        Of a row of outputs; signals are (length, channels), images (height, width, channels).
    parameters : dict of str to int
        How many parameters of each kind the layer has of its own. Those that it shares count where
        they belong, those of a group with its layers.
    multiplications : int
        How many a row takes in prediction, apart from those within activations.
    parameter_bytes : int
        The memory of the parameters.
    row_bytes : int
        The memory of a row of outputs.
    depth : int
        In how many groups it is.
    role : {"layer", "shortcut", "branch", "group"}
        A layer, layers within a shortcut, branches side by side, or other layers that belong
        together. The rows that follow a group, of greater depth, are in it.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    parameters: dict[str, int] = field(default_factory=dict)
    multiplications: int = 0
    parameter_bytes: int = 0
    row_bytes: int = 0
    depth: int = 0
    role: Literal["layer", "shortcut", "branch", "group"] = "layer"

    @property
    def n_parameters(self) -> int:
        """How many parameters the layer has of its own, buffers included."""
        return sum(self.parameters.values())


def overview(network: Network) -> list[LayerSummary]:
    """Return a row for each layer of a network, in order, and for each group of layers."""
    walked = list(_walk(network.chain))
    leaves = [layer for layer, *_ in walked if layer.leaves == [layer]]
    groups = [layer for layer, _, role, _ in walked if role != "layer"]
    names = {
        id(layer): name
        for layers in (leaves, groups)
        for layer, name in zip(layers, layer_names(layers), strict=True)
    }
    is_signal = network.architecture.in_shape[0] == 1
    return [
        _row(layer, names[id(layer)], depth, role, words, is_signal, network.dtype.itemsize)
        for layer, depth, role, words in walked
    ]


def input_shape(network: Network) -> tuple[int, ...]:
    """Return the shape of a row of inputs as users know it."""
    shape = network.architecture.in_shape
    return _shape(shape, shape[0] == 1)


def _walk(layers, depth=0) -> Iterator[tuple[Layer, int, str, str]]:
    """Yield every layer and group, its depth, its role and a word on it."""
    for layer in layers:
        if isinstance(layer, Branch):
            yield layer, depth, "branch", type(layer).__name__
            for chain, columns in zip(layer.chains, layer.columns, strict=True):
                yield chain, depth + 1, "group", f"{len(columns)} of {layer.n_inputs} columns"
                yield from _walk(chain.layers, depth + 2)
        elif layer.leaves != [layer]:
            role = "shortcut" if isinstance(layer, Shortcut) else "group"
            yield layer, depth, role, type(layer).__name__
            within = layer.layers if isinstance(layer, Chain) else layer.leaves
            yield from _walk(within, depth + 1)
        else:
            yield layer, depth, "layer", type(layer).__name__


def _row(layer, name, depth, role, kind, is_signal, itemsize):
    shape = _shape(layer.out_shape, is_signal)
    if role != "layer":
        return LayerSummary(name, kind, shape, depth=depth, role=role)
    counts = dict.fromkeys(KINDS, 0)
    for parameter in layer.parameters():
        counts[parameter.kind] += prod(parameter.shape)
    if layer.activation is not None and not isinstance(layer.activation, Identity):
        kind = f"{kind}, {str(layer.activation).removesuffix('()')}"
    return LayerSummary(
        name,
        kind,
        shape,
        {kind: n for kind, n in counts.items() if n},
        layer.multiplications or counts["weight"] + counts["scale"],
        sum(counts.values()) * itemsize,
        layer.n_outputs * itemsize,
        depth,
    )


def _shape(shape, is_signal):
    return tuple(shape[1:]) if is_signal and len(shape) == 3 else tuple(shape)


def cells(layers: Sequence[LayerSummary]) -> list[list[str]]:
    """Return the head, the rows and the sums of a table of layers."""
    kinds = [kind for kind in KINDS if any(kind in layer.parameters for layer in layers)]
    head = ["layer", "kind", "outputs", *map(_plural, kinds)]
    rows = [[*head, "multiplications", "memory"]]
    for layer in layers:
        counts = [layer.parameters.get(kind, 0) for kind in kinds]
        numbers = [*map(_number, [*counts, layer.multiplications]), ""]
        if layer.parameter_bytes:
            numbers[-1] = size(layer.parameter_bytes)
        rows.append(["  " * layer.depth + layer.name, layer.kind, by(layer.shape), *numbers])
    sums = [sum(layer.parameters.get(kind, 0) for layer in layers) for kind in kinds]
    sums = map(_number, [*sums, sum(layer.multiplications for layer in layers)])
    memory = size(sum(layer.parameter_bytes for layer in layers))
    return [*rows, ["all", "", "", *sums, memory]]


def totals(layers: Sequence[LayerSummary]) -> str:
    """Return a sentence on a whole network."""
    n = sum(layer.n_parameters for layer in layers)
    memory = size(sum(layer.parameter_bytes for layer in layers))
    of_row = size(sum(layer.row_bytes for layer in layers))
    multiplications = sum(layer.multiplications for layer in layers)
    return (
        f"{n:,} parameters ({memory}); a row takes {multiplications:,} multiplications, and its "
        f"outputs in all layers {of_row}."
    )


def _plural(kind):
    return f"{kind}es" if kind.endswith("s") else f"{kind}s"


def _number(n):
    return f"{n:,}" if n else ""


def by(shape: Sequence[int]) -> str:
    """Return a shape in words, as in 8 x 8 x 32."""
    return " x ".join(map(str, shape))


def size(n_bytes: float) -> str:
    """Return an amount of memory in words."""
    power = 0
    while n_bytes >= 999.5 and power < len(_UNITS) - 1:
        n_bytes, power = n_bytes / 1000, power + 1
    return f"{n_bytes:.3g} {_UNITS[power]}"


def as_text(layers: Sequence[LayerSummary]) -> str:
    """Return the table as text."""
    return "\n".join(text_table(cells(layers), N_WORDS))


def as_html(layers: Sequence[LayerSummary]) -> str:
    """Return the table as HTML."""
    return html_table(cells(layers), N_WORDS)


class NetworkView:
    """Mixin of estimators whose HTML view, once they are fitted, holds their network.

    It stands below scikit-learn's diagram, folded up.
    """

    def _html_repr(self):
        html = super()._html_repr()
        if not self.__sklearn_is_fitted__():
            return html
        of_several = hasattr(self, "networks_")
        layers = overview((self._heaviest if of_several else self)._network)
        title = f"The heaviest of {len(self.networks_)} networks" if of_several else "The network"
        return (
            f"{html}<details><summary>{title}: {totals(layers)}</summary>{as_html(layers)}"
            "<p>As an object, and as a drawing: <code>skdeep.inspection.summary(estimator)</code>"
            "</p></details>"
        )
