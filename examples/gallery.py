"""Run all examples and put their pictures on one page, with what they claim and measure.

    python examples/gallery.py                    # writes gallery.html
    python examples/gallery.py --only ravine      # those whose names contain a word

The page holds its pictures and opens in any browser, offline. An example that fails, or takes
longer than 40 seconds, makes this end with an error.
"""

import argparse
import ast
import base64
import html
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
LIMIT = 40  # seconds an example
WORKERS = 2

SECTIONS = {
    "Tables": "tabular target_scale",
    "Gradient descent": """momentum_gentle_slope momentum_ravine nesterov minibatch_noise
        line_search adaptive_rates optimizer_paths""",
    "Learning rates": "decays schedules rate_search loss_slice training_history",
    "Activations": "sigmoid_saturation tanh dead_relus rectifiers activations",
    "Initialisation": "symmetry initialisation",
    "Regularisation": """penalty_contours noise_is_l2 label_smoothing early_stopping bagging dropout
        max_norm augmentation""",
    "Architecture": """network_summary convolution weight_images autoencoder skip_connections
        shortcut_loss_surface""",
}

RUN = """
import runpy, sys
import matplotlib.pyplot as plt
plt.show = lambda *args, **kwargs: None
runpy.run_path(sys.argv[1], run_name="__main__")
for i, number in enumerate(plt.get_fignums()):
    plt.figure(number).savefig(f"{sys.argv[2]}-{i:02d}.png", dpi=100, facecolor="white")
"""

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>skdeep: the course in pictures</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { font: 16px/1.5 system-ui, sans-serif; color: #222; background: #fafafa; margin: 0 auto;
       max-width: 62rem; padding: 1rem; overflow-wrap: break-word; }
h1, h2 { line-height: 1.2; }
h2 { margin-top: 3rem; border-bottom: 2px solid #ccc; padding-bottom: .3rem; }
nav a { display: inline-block; margin: 0 1rem .3rem 0; }
article { background: #fff; border: 1px solid #ddd; border-radius: 6px; padding: 1rem;
          margin: 1.5rem 0; }
article h3 { margin: 0 0 .5rem; }
img { width: 100%; height: auto; display: block; }
pre { background: #f2f2f2; padding: .6rem; white-space: pre-wrap; font-size: .85rem; }
footer, small { color: #666; }
a { color: #0b5cad; }
</style></head><body>
BODY
</body></html>
"""


class Example(NamedTuple):
    """What a run of an example gave."""

    name: str
    title: str
    text: str
    seconds: float
    output: str
    pictures: list
    error: str


def run(path, folder):
    """Run one example in a process of its own, and keep its figures and what it prints."""
    title, _, text = ast.get_docstring(ast.parse(path.read_text())).partition("\n")
    environment = {**os.environ, "MPLBACKEND": "Agg", "OPENBLAS_NUM_THREADS": "1"}
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", RUN, path, folder / path.stem],
        capture_output=True,
        text=True,
        env=environment,
    )
    seconds = time.perf_counter() - start
    pictures = [file.read_bytes() for file in sorted(folder.glob(f"{path.stem}-*.png"))]
    error = done.stderr if done.returncode else ""
    if not error and not pictures:
        error = "it drew no figure"
    if not error and seconds > LIMIT:
        error = f"it took {seconds:.0f} s, more than {LIMIT} s"
    name = path.stem.removeprefix("plot_")
    print(f"{seconds:6.1f} s  {name}{'  FAILED' if error else ''}", flush=True)
    return Example(name, title, text.strip(), seconds, done.stdout.strip(), pictures, error)


def article(example):
    """Return an example as HTML."""
    pictures = "".join(
        f'<img alt="{html.escape(example.title)}" loading="lazy" '
        f'src="data:image/png;base64,{base64.b64encode(picture).decode()}">'
        for picture in example.pictures
    )
    paragraphs = "".join(f"<p>{html.escape(part)}</p>" for part in example.text.split("\n\n"))
    output = f"<pre>{html.escape(example.output)}</pre>" if example.output else ""
    source = f"plot_{example.name}.py"
    return (
        f'<article id="{example.name}"><h3>{html.escape(example.title)}</h3>{paragraphs}{pictures}'
        f"{output}<small>{source}, {example.seconds:.0f} s</small></article>"
    )


def sections(examples):
    """Yield titles, each with its examples; those that no section names come last."""
    left = {example.name: example for example in examples}
    for title, names in SECTIONS.items():
        found = [left.pop(name) for name in names.split() if name in left]
        if found:
            yield title, found
    if left:
        yield "More", list(left.values())


def page(examples):
    """Return the whole page."""
    parts = ["<h1>skdeep: the course in pictures</h1>"]
    grouped = list(sections(examples))
    parts.append("<p>Each example states a claim, shows it on data, and prints the numbers.</p>")
    links = "".join(f'<a href="#{title.replace(" ", "-")}">{title}</a>' for title, _ in grouped)
    parts.append(f"<nav>{links}</nav>")
    for title, members in grouped:
        parts.append(f'<h2 id="{title.replace(" ", "-")}">{title}</h2>')
        parts += map(article, members)
    return PAGE.replace("BODY", "\n".join(parts))


def main():
    """Run the examples and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=Path("gallery.html"))
    parser.add_argument("--only", default="", help="a word in the examples' names")
    arguments = parser.parse_args()
    paths = [path for path in sorted(HERE.glob("plot_*.py")) if arguments.only in path.stem]
    if not paths:
        parser.error(f"no example's name contains {arguments.only!r}")
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(WORKERS) as pool:
        examples = list(pool.map(lambda path: run(path, Path(folder)), paths))
    arguments.output.write_text(page(examples), encoding="utf-8")
    print(f"{len(examples)} examples in {time.perf_counter() - start:.0f} s: {arguments.output}")
    for example in examples:
        if example.error:
            print(f"\nplot_{example.name}.py failed: {example.error}", file=sys.stderr)
    return int(any(example.error for example in examples))


if __name__ == "__main__":
    sys.exit(main())
