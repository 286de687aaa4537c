"""Where the blocks of a drawing go, and which arrows join them.

A row is one high, that of a plus sign and the next one less; y grows downwards, x to the right.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from skdeep.estimators.overview import LayerSummary

ROW, PLUS_ROW, COLUMN = 1.0, 0.65, 2.8


@dataclass(eq=False)
class Node:
    """A block, or the plus sign at the end of a shortcut.

    Parameters
    ----------
    x, y : float
        Its centre.
    layer : LayerSummary or None
        What it shows; None for a plus sign.
    """

    x: float
    y: float
    layer: LayerSummary | None


@dataclass
class Plan:
    """All blocks of a drawing, and what joins them.

    Parameters
    ----------
    inputs : LayerSummary
        What stands for the inputs.
    layers : list of LayerSummary

    Attributes
    ----------
    nodes : list of Node
        From the top.
    arrows : list of (Node, Node)
    shortcuts : list of (Node, Node, int)
        From where to which plus sign, and how many shortcuts are within.
    bottom : float
        Where the drawing ends.
    """

    inputs: LayerSummary
    layers: list[LayerSummary]
    nodes: list[Node] = field(default_factory=list)
    arrows: list[tuple[Node, Node]] = field(default_factory=list)
    shortcuts: list[tuple[Node, Node, int]] = field(default_factory=list)
    bottom: float = -ROW

    def __post_init__(self):
        self._chain(0, len(self.layers), 0.0, self._add(0.0, self.inputs, []))

    @property
    def reach(self):
        """How far from the middle the centres of blocks are."""
        return max(abs(node.x) for node in self.nodes)

    def _add(self, x, layer, sources):
        """Add a node in a row of its own; return it as what comes before the next one."""
        after_plus = any(source.layer is None for source in sources)
        self.bottom += PLUS_ROW if layer is None or after_plus else ROW
        node = Node(x, self.bottom, layer)
        self.nodes.append(node)
        self.arrows += [(source, node) for source in sources]
        return [node]

    def _chain(self, i, stop, x, sources):
        """Place rows one after the other; return the nodes that they end with."""
        while i < stop:
            layer, end = self.layers[i], self._end(i)
            if layer.role == "branch":
                sources = self._branch(i, end, x, sources)
            elif layer.role == "shortcut":
                n_before = len(self.shortcuts)
                ends = self._chain(i + 1, end, x, sources)
                plus = self._add(x, None, ends)
                inner = [depth for *_, depth in self.shortcuts[n_before:]]
                depth = max(inner, default=-1) + 1
                self.shortcuts += [(source, plus[0], depth) for source in sources]
                sources = plus
            elif layer.role == "group":
                sources = self._chain(i + 1, end, x, sources)
            else:
                sources = self._add(x, layer, sources)
            i = end
        return sources

    def _branch(self, i, end, x, sources):
        """Place the chains of a branch side by side, each in rows of its own."""
        starts, j = [], i + 1
        while j < end:
            starts.append(j)
            j = self._end(j)
        ends = []
        for k, start in enumerate(starts):
            offset = (k - (len(starts) - 1) / 2) * COLUMN
            stop = self._end(start)
            if stop > start + 1:
                ends += self._chain(start + 1, stop, x + offset, sources)
            else:  # columns that pass as they are
                ends += self._add(x + offset, self.layers[start], sources)
        return ends

    def _end(self, i):
        """Return the number of the row behind row i and what is in it."""
        end = i + 1
        while end < len(self.layers) and self.layers[end].depth > self.layers[i].depth:
            end += 1
        return end
