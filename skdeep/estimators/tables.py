"""Small tables, as aligned text and as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

_CELL = "padding: 0.2em 0.6em; white-space: pre; text-align: "


def text_table(rows: Sequence[Sequence[str]], left: int = 0) -> list[str]:
    """Return the lines of a table, of which the first row is the head.

    Parameters
    ----------
    rows : list of list of str
        The cells.
    left : int
        So many columns, the first ones, are aligned to the left, the others to the right.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if i < left else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def html_table(rows: Sequence[Sequence[str]], left: int = 0) -> str:
    """Return the same table as HTML."""
    head, *body = (
        "".join(
            f'<{tag} style="{_CELL}{"left" if i < left else "right"}">{escape(cell)}</{tag}>'
            for i, cell in enumerate(row)
        )
        for tag, row in zip(["th", *["td"] * (len(rows) - 1)], rows, strict=True)
    )
    body = "".join(f"<tr>{row}</tr>" for row in body)
    return (
        '<div style="overflow-x: auto"><table style="border-collapse: collapse">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
