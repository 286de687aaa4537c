"""Formulas as MathML, which browsers draw by themselves, without a script from elsewhere."""

from docutils.nodes import SkipNode
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.util import logging

logger = logging.getLogger(__name__)


def write(translator, node, as_block):
    """Write a formula; one that docutils cannot read is a warning, and stays as it is."""
    source = node.astext()
    if r"\\" in source:  # several lines, or a matrix
        source = rf"\begin{{aligned}}{source}\end{{aligned}}"
    try:
        formula = tex2mathml(source, as_block=as_block)
    except Exception as error:
        logger.warning("a formula cannot be drawn: %s", error, location=node)
        formula = node.astext()
    translator.body.append(f'<div class="formula">{formula}</div>' if as_block else formula)
    raise SkipNode


def inline(translator, node):
    """Write a formula within a line."""
    write(translator, node, as_block=False)


def display(translator, node):
    """Write a formula on a line of its own."""
    write(translator, node, as_block=True)


def setup(app):
    """Enter the renderer."""
    app.add_html_math_renderer("mathml", (inline, None), (display, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
