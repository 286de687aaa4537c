"""Client code under type checkers: what is right passes, and what is wrong is refused by the line.

The checkers come with the extra ``dev``; without them these tests are skipped.
"""

import json
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import skdeep

HERE = Path(__file__).parent
FILES = [HERE / "right.py", HERE / "wrong.py"]
ROOT = Path(skdeep.__file__).parents[1]
MARK = re.compile(r"# expect: error(?: \((\w+)\))?$")


def run(command):
    done = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True)
    if done.returncode > 1:  # 1 says that there are errors, more that the checker failed
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def mypy_errors(checker, folder):
    """Return {(file, line): message}; the package itself is read but not judged."""
    config = folder / "mypy.ini"
    config.write_text(
        f"[mypy]\nignore_missing_imports = true\nfollow_imports = silent\nmypy_path = {ROOT}\n"
    )
    options = [f"--config-file={config}", f"--cache-dir={folder / 'cache'}"]
    output = run([checker, *options, *(str(folder / file.name) for file in FILES)])
    found = re.findall(r"^(.+?):(\d+): error: (.*)$", output, re.MULTILINE)
    return {(Path(file).name, int(line)): message for file, line, message in found}


def pyright_errors(checker, folder):
    config = folder / "pyrightconfig.json"
    settings = {"typeCheckingMode": "standard", "extraPaths": [str(ROOT)]}
    config.write_text(json.dumps(settings))
    options = ["--outputjson", "--pythonpath", sys.executable, "--project", str(config)]
    output = json.loads(run([checker, *options]))
    assert output["summary"]["filesAnalyzed"] == len(FILES)
    return {
        (Path(found["file"]).name, found["range"]["start"]["line"] + 1): found["message"]
        for found in output["generalDiagnostics"]
        if found["severity"] == "error"
    }


# basedpyright is pyright as a package that brings its own node; pyright fetches both by npm
CHECKERS = {"mypy": mypy_errors, "basedpyright": pyright_errors, "pyright": pyright_errors}


@pytest.fixture(scope="module", params=CHECKERS)
def checked(request, tmp_path_factory):
    """Return the name of a checker, and the errors that it finds."""
    checker = request.param
    if find_spec(checker) is None:
        pytest.skip(f'{checker} is not installed; pip install "skdeep[dev]" has mypy, basedpyright')
    folder = tmp_path_factory.mktemp(checker)
    for file in FILES:
        shutil.copy(file, folder)
    return checker, CHECKERS[checker](checker, folder)


def errors_in(found, file):
    return {line: message for (name, line), message in found.items() if name == file.name}


def marked(file, checker):
    """Return the numbers of the lines that a checker must refuse."""
    lines = enumerate(file.read_text().splitlines(), start=1)
    marks = {number: mark for number, line in lines if (mark := MARK.search(line))}
    return {number for number, mark in marks.items() if (mark[1] or checker) in checker}


def test_right_code_passes(checked):
    _, found = checked
    assert errors_in(found, FILES[0]) == {}


def test_wrong_code_is_refused_where_it_is_wrong(checked):
    checker, found = checked
    errors = errors_in(found, FILES[1])
    expected = marked(FILES[1], checker)
    assert expected - errors.keys() == set(), "marked, but not refused"
    unmarked = {line: message for line, message in errors.items() if line not in expected}
    assert unmarked == {}


def test_every_wrong_line_is_marked():
    lines = FILES[1].read_text().splitlines()
    calls = [line for line in lines if re.match(r"\w+\(", line)]
    assert len(calls) > 30
    assert [line for line in calls if not MARK.search(line)] == []
