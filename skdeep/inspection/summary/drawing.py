"""The drawing of a network: blocks from top to bottom, arrows, and shortcuts beside them."""

from math import log10, sqrt
from textwrap import fill

from skdeep.estimators.overview import LayerSummary, by
from skdeep.inspection.summary.placing import Plan

INCHES = 0.45  # a row
_HALF = 1.25  # the largest half width of a block
_TEXT, _LETTER = 8.0, 0.15  # the least width of the words, and that of a letter
_HIGH, _SHEET = 0.5, 0.08
_GREY = "0.45"
_COLOURS = {
    "inputs": "0.6",
    "columns": "0.6",
    "Convolution": "tab:orange",
    "Pooling": "goldenrod",
    "Dense": "tab:blue",
    "Dropout": "0.8",
    "GaussianNoise": "0.8",
}
_OTHER = "tab:green"


def plan_of(in_shape, layers):
    """Return where the blocks go."""
    return Plan(LayerSummary("inputs", "", in_shape), layers)


def inches(plan, title):
    """Return the width and the height that suit a drawing."""
    left, right, bottom, top = _limits(plan)
    n_lines = _wrapped(plan, title).count("\n") + 1
    return INCHES * (right - left), INCHES * (bottom - top) + 0.2 + 0.2 * n_lines


def _wrapped(plan, title):
    """Return the title in lines that are no wider than the drawing."""
    left, right, *_ = _limits(plan)
    return "\n".join(fill(line, int(5 * (right - left))) for line in title.split("\n"))


def _limits(plan):
    """Return left, right, bottom and top; y grows downwards."""
    beside = 0.5 + 0.3 * max((depth for *_, depth in plan.shortcuts), default=-1)
    left = plan.reach + _HALF + (beside + 0.3 if plan.shortcuts else 0.1)
    layers = [node.layer for node in plan.nodes if node.layer is not None]
    longest = max(
        max(len(layer.name) * 1.2 + len(layer.kind), len(_figures(layer))) for layer in layers
    )
    right = plan.reach + _HALF + 0.4 + max(_TEXT, _LETTER * longest)
    return -left, right, plan.bottom + 0.6, -0.6


def draw(ax, plan, title):
    """Draw all blocks, the words beside them, arrows and shortcuts."""
    left, right, bottom, top = _limits(plan)
    ax.set(xlim=(left, right), ylim=(bottom, top), aspect="equal")
    ax.set_axis_off()
    ax.set_anchor("NW")
    size = _font_size(ax, right - left, bottom - top)
    ax.set_title(_wrapped(plan, title), fontsize=1.1 * size, loc="left")
    largest = _largest_map([node.layer for node in plan.nodes if node.layer is not None])
    edges = {}
    for node in plan.nodes:
        if node.layer is None:
            edges[node] = 0.16
            _draw_plus(ax, node, size)
        else:
            edges[node] = _draw_block(ax, node, largest)
            _write(ax, plan.reach + _HALF + 0.4, node, size)
    for source, target in plan.arrows:
        _join(ax, source, target, edges)
    for source, target, depth in plan.shortcuts:
        side = min(source.x, target.x) - _HALF - 0.3 - 0.3 * depth
        start = source.y + edges[source] + 0.1
        xs, ys = [source.x, side, side, target.x - 0.16], [start, start, target.y, target.y]
        _line(ax, xs, ys, "tab:red")


def _font_size(ax, width, height):
    """Return a size that suits the axes, of which rows take up more or less."""
    place, figure = ax.get_position(), ax.figure
    inches = (place.width * figure.bbox.width / width, place.height * figure.bbox.height / height)
    return max(3.0, min(9.0, 0.3 * 72 * min(inches) / figure.dpi))


def _largest_map(layers):
    """Return the longest side of all maps, which the sizes of the others go by."""
    return max((side for layer in layers for side in layer.shape[:-1]), default=1)


def _draw_block(ax, node, largest):
    """Draw the outputs of a layer as they are shaped; return half the height of the block."""
    from matplotlib.patches import Rectangle

    layer = node.layer
    kind = layer.kind.split(",")[0] or layer.name
    colour = next((c for word, c in _COLOURS.items() if word in kind), _OTHER)
    style = {"facecolor": colour, "edgecolor": "white", "linewidth": 0.8}
    *sides, n = layer.shape
    if not sides:
        width, high, n_sheets = min(2.4, 0.35 + 0.55 * log10(n)), _HIGH, 1
    else:
        high, width = (0.62 * sqrt(side / largest) for side in (sides[0], sides[-1]))
        if len(sides) == 1:  # a signal
            high, width = 0.2, 2.6 * width
        n_sheets = min(7, 1 + round(2 * log10(n)))
    spread = _SHEET * (n_sheets - 1)
    for k in range(n_sheets):
        x = node.x - (width + spread) / 2 + k * _SHEET
        y = node.y - (high + spread) / 2 + (n_sheets - 1 - k) * _SHEET
        patch = Rectangle((x, y), width, high, zorder=3 - k / 10, **style)
        patch.set_gid(layer.name)
        ax.add_patch(patch)
    return (high + spread) / 2


def _write(ax, x, node, size):
    """Write the name, the kind and the figures of a layer beside its block."""
    layer = node.layer
    name = ax.text(x, node.y - 0.04, layer.name, fontsize=size, weight="bold", va="bottom")
    beside = {"xycoords": name, "textcoords": "offset points", "va": "bottom"}
    ax.annotate(layer.kind, (1, 0), (0.8 * size, 0), fontsize=size, **beside)
    style = {"fontsize": 0.9 * size, "color": _GREY, "va": "top"}
    ax.text(x, node.y + 0.04, _figures(layer), **style)


def _figures(layer):
    """Return the line of figures beside a block."""
    figures = [by(layer.shape)]
    if layer.n_parameters:
        figures.append(f"{layer.n_parameters:,} parameters")
    if layer.multiplications:
        figures.append(f"{layer.multiplications:,} multiplications")
    return "  |  ".join(figures)


def _draw_plus(ax, node, size):
    from matplotlib.patches import Circle

    style = {"facecolor": "white", "edgecolor": "tab:red", "linewidth": 1.2, "zorder": 4}
    ax.add_patch(Circle((node.x, node.y), 0.16, **style))
    style = {"ha": "center", "va": "center_baseline", "color": "tab:red", "zorder": 5}
    ax.text(node.x, node.y, "+", fontsize=size, **style)


def _join(ax, source, target, edges):
    """Draw an arrow from block to block, with corners if one is beside the other."""
    start, end = source.y + edges[source], target.y - edges[target]
    corner = start + 0.1 if abs(target.x) >= abs(source.x) else end - 0.1
    xs, ys = [source.x, source.x, target.x, target.x], [start, corner, corner, end]
    _line(ax, xs, ys, _GREY)


def _line(ax, xs, ys, colour):
    """Draw a line with corners that ends in an arrow head."""
    if len({*xs}) > 1:
        ax.plot(xs[:-1], ys[:-1], color=colour, linewidth=1, solid_joinstyle="round", zorder=1)
    else:
        ys = ys[::3]  # straight down
    arrow = {"arrowstyle": "-|>", "color": colour, "linewidth": 1, "shrinkA": 0, "shrinkB": 0}
    arrow["mutation_scale"] = 7
    ax.annotate("", (xs[-1], ys[-1]), (xs[-2], ys[-2]), arrowprops=arrow)
