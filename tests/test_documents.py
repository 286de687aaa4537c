"""The documents tell the truth: the Python of a page runs and prints what the page says."""

import re
from contextlib import redirect_stdout
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

import pytest

import skdeep
from skdeep.activations import ACTIVATIONS
from skdeep.augmentation import AUGMENTATIONS
from skdeep.estimators import __all__ as ESTIMATORS
from skdeep.initializers import INITIALIZERS
from skdeep.losses import LOSSES
from skdeep.optimizers import OPTIMIZERS
from skdeep.schedules import SCHEDULES

ROOT = Path(__file__).parents[1]
REPOSITORY = "https://github.com/skdeep/skdeep"
README, ESTIMATORS_PAGE = ROOT / "README.md", ROOT / "docs" / "estimators.md"
PAGES = [
    README,
    ROOT / "CONTRIBUTING.md",
    ROOT / "benchmarks" / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "guide").glob("*.md")),
]
REGISTRIES = [ACTIVATIONS, AUGMENTATIONS, INITIALIZERS, LOSSES, OPTIMIZERS, SCHEDULES]
FENCES = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXTRAS = "onnxruntime", "skops"
NUMBER = re.compile(r"-?\d+\.\d+")


def examples(text):
    """Return pairs of Python and what it prints: the ``text`` block that comes next, if any."""
    blocks = [match.groups() for match in FENCES.finditer(text)]
    following = [*blocks, ("", "")][1:]
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


@pytest.fixture
def registries():
    """Forget afterwards what a page has registered."""
    before = [dict(registry) for registry in REGISTRIES]
    yield
    for registry, names in zip(REGISTRIES, before, strict=True):
        registry.clear()
        registry.update(names)


@pytest.mark.usefixtures("registries")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_python_prints_what_the_page_shows(page):
    namespace = {"__name__": "__main__"}
    for code, promised in examples(page.read_text()):
        if any(f" {extra}" in code and find_spec(extra) is None for extra in EXTRAS):
            continue  # the README's commands do without
        printed = StringIO()
        with redirect_stdout(printed):
            exec(compile(code, str(page), "exec"), namespace)
        assert_alike(printed.getvalue(), promised)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_code_hides_from_these_tests(page):
    fences = re.findall(r"^ *(?:```|~~~)(.*)$", page.read_text(), re.MULTILINE)
    opening, closing = fences[::2], fences[1::2]
    assert set(closing) <= {""}
    assert all(re.fullmatch(r"python|text|sh|\{[\w-]+\}.*", kind) for kind in opening)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_page_has_a_heading_twice(page):
    headings = re.findall(r"^#+ .*$", FENCES.sub("", page.read_text()), re.MULTILINE)
    assert len(set(headings)) == len(headings)


def test_links_of_the_readme_are_absolute_and_lead_to_files():
    """The package index shows the README without the files beside it."""
    links = re.findall(r"\]\(([^)]*)\)", README.read_text())
    assert links
    for link in links:
        root, _, path = link.partition("/blob/main/")
        assert root == REPOSITORY
        assert (ROOT / path.partition("#")[0]).is_file(), link
    assert "<img" not in README.read_text()


def test_the_html_views_links_have_a_place_to_go_to():
    headings = re.findall(r"^#+ (.*)$", ESTIMATORS_PAGE.read_text(), re.MULTILINE)
    for name in ESTIMATORS:
        link = getattr(skdeep, name)()._get_doc_link()
        assert link == f"{REPOSITORY}/blob/main/docs/estimators.md#{name.lower()}"
        assert name in headings


@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda registry: registry.parameter)
def test_every_name_is_listed(registry):
    start = f"| `{registry.parameter}` |"
    lines = ESTIMATORS_PAGE.read_text().splitlines()
    row = next(line for line in lines if line.startswith(start))
    assert [name for name in registry if f"`{name}`" not in row] == []


@pytest.mark.parametrize("name", ["run", "test"])
def test_the_commands_can_be_found(name):
    assert f"<!-- command: {name} -->\n```sh\n" in README.read_text()


def test_the_citation_is_of_this_version():
    lines = (ROOT / "CITATION.cff").read_text().splitlines()
    assert f"version: {skdeep.__version__}" in lines


def test_a_wrong_promise_is_noticed():
    (code, promised), (_, nothing) = examples(
        "```python\nprint(1.5)\n```\n\n```text\n1.5\n```\n```python\npass\n```\n"
    )
    assert (code, promised, nothing) == ("print(1.5)\n", "1.5\n", "")
    for wrong in ("1.4\n", "1.5", "2\n", "accuracy 1.5\n", ""):
        with pytest.raises(AssertionError):
            assert_alike("1.5\n", wrong)
