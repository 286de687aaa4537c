"""Files and functions stay small enough to be read at one sitting."""

import ast
from pathlib import Path

import pytest

import skdeep

ROOT = Path(skdeep.__file__).parent
FILES = [path.relative_to(ROOT).as_posix() for path in sorted(ROOT.rglob("*.py"))]
LINES_A_FILE, LINES_A_FUNCTION = 300, 40
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def documentation(tree):
    """Return the numbers of all lines that belong to docstrings."""
    lines = set()
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            lines |= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return lines


def code(source):
    """Return the numbers of the lines that hold code, and the functions of a module."""
    tree = ast.parse(source)
    text = source.splitlines()
    blank = {n for n, line in enumerate(text, 1) if not line.strip() or line.lstrip()[0] == "#"}
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return set(range(1, len(text) + 1)) - documentation(tree) - blank, functions


@pytest.mark.parametrize("file", FILES)
def test_files_and_functions_are_small(file):
    lines, functions = code((ROOT / file).read_text())
    assert len(lines) <= LINES_A_FILE
    for function in functions:
        # what a constructor takes is a list, one parameter a line, and not code to be read
        first = function.body[0] if function.name == "__init__" else function
        body = lines & set(range(first.lineno, function.end_lineno + 1))
        assert len(body) <= LINES_A_FUNCTION, f"{function.name} in {file} has {len(body)} lines"


def test_documentation_and_comments_do_not_count():
    source = '"""Say what."""\n\n\ndef f():\n    """Do\n    it."""\n    # why\n    return 1\n'
    lines, functions = code(source)
    assert lines == {4, 8}
    assert [function.name for function in functions] == ["f"]
