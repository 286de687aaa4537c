"""The README tells the truth: its Python runs in order and prints what the README says."""

import re
from contextlib import redirect_stdout
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

import pytest

from skdeep.activations import ACTIVATIONS
from skdeep.augmentation import AUGMENTATIONS
from skdeep.estimators import __all__ as ESTIMATORS
from skdeep.initializers import INITIALIZERS
from skdeep.losses import LOSSES
from skdeep.optimizers import OPTIMIZERS
from skdeep.schedules import SCHEDULES

README = Path(__file__).parents[1] / "README.md"
FENCES = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXTRAS = "onnxruntime", "skops"
NUMBER = re.compile(r"-?\d+\.\d+")


def examples(text):
    """Return pairs of Python and what it prints: the ``text`` block that comes next, if any."""
    blocks = [match.groups() for match in FENCES.finditer(text)]
    following = [*blocks[1:], ("", "")]
    return [
        (code, output if kind == "text" else "")
        for (language, code), (kind, output) in zip(blocks, following, strict=True)
        if language == "python"
    ]


def assert_alike(printed, promised):
    """Compare two texts, decimal numbers to within 0.02: processors round differently."""
    assert NUMBER.sub("#", printed) == NUMBER.sub("#", promised)
    numbers = [[float(x) for x in NUMBER.findall(text)] for text in (printed, promised)]
    assert numbers[0] == pytest.approx(numbers[1], abs=0.02)


def test_python_prints_what_the_readme_shows():
    namespace = {"__name__": "readme"}
    pairs = examples(README.read_text())
    assert pairs
    for code, promised in pairs:
        if any(f" {extra}" in code and find_spec(extra) is None for extra in EXTRAS):
            continue  # the README's commands do without
        printed = StringIO()
        with redirect_stdout(printed):
            exec(compile(code, str(README), "exec"), namespace)
        assert_alike(printed.getvalue(), promised)


def test_the_html_views_links_have_a_place_to_go_to():
    headings = re.findall(r"^#+ (.*)$", README.read_text(), re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
    assert {name.lower() for name in ESTIMATORS} <= anchors


@pytest.mark.parametrize(
    "registry",
    [ACTIVATIONS, AUGMENTATIONS, INITIALIZERS, LOSSES, OPTIMIZERS, SCHEDULES],
    ids=lambda registry: registry.parameter,
)
def test_every_name_is_listed(registry):
    start = f"| `{registry.parameter}` |"
    row = next(line for line in README.read_text().splitlines() if line.startswith(start))
    assert [name for name in registry if f"`{name}`" not in row] == []


@pytest.mark.parametrize("name", ["run", "test"])
def test_the_commands_can_be_found(name):
    assert f"<!-- command: {name} -->\n```sh\n" in README.read_text()


def test_a_wrong_promise_is_noticed():
    (code, promised), (_, nothing) = examples(
        "```python\nprint(1.5)\n```\n\n```text\n1.5\n```\n```python\npass\n```\n"
    )
    assert (code, promised, nothing) == ("print(1.5)\n", "1.5\n", "")
    for wrong in ("1.4\n", "1.5", "2\n", "accuracy 1.5\n", ""):
        with pytest.raises(AssertionError):
            assert_alike("1.5\n", wrong)
