"""How the site is built: ``python -m sphinx -W --keep-going -b html docs docs/_build/html``.

Nothing is fetched: formulas become MathML, and the reference links to no other project.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # examples run side by side

import skdeep

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "extensions"))

project = "skdeep"
author = copyright = "The skdeep developers"
version = release = skdeep.__version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "myst_parser",
    "sphinx_gallery.gen_gallery",
    "mathml",
    "reference",
]
templates_path = ["templates"]
exclude_patterns = ["_build", "**/GALLERY_HEADER.rst"]
html_math_renderer = "mathml"

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autosummary_generate = True
autodoc_typehints = "none"  # docstrings say more than annotations
toc_object_entries_show_parents = "hide"
autodoc_member_order = "groupwise"
numpydoc_show_class_members = False  # the template lists them
numpydoc_use_plots = False

SECTIONS = [
    "tables",
    "gradient_descent",
    "learning_rates",
    "activations",
    "initialisation",
    "regularisation",
    "architecture",
]
sphinx_gallery_conf = {
    "examples_dirs": "../examples",
    "gallery_dirs": "gallery",
    "filename_pattern": r"^(?!.*distributed_search).*\.py$",  # all are run but that of a cluster
    "ignore_pattern": r"__init__\.py",
    "subsection_order": [*(f"../examples/{name}" for name in SECTIONS), "*"],
    "within_subsection_order": "FileNameSortKey",
    "image_srcset": ["2x"],
    "remove_config_comments": True,
    "backreferences_dir": "gallery/backreferences",
    "doc_module": ("skdeep",),
    "default_thumb_file": str(HERE / "static" / "printed.png"),
    "inspect_global_variables": False,
    "show_memory": False,
    "parallel": True,  # as many as sphinx is given by -j
    "copyfile_regex": r".*\.rst",
}

html_theme = "pydata_sphinx_theme"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_title = "skdeep"
html_sidebars = {page: [] for page in ("index", "quickstart", "tables")}
html_theme_options = {
    "github_url": "https://github.com/skdeep/skdeep",
    "show_prev_next": False,
    "navbar_align": "left",
    "header_links_before_dropdown": 6,
    "secondary_sidebar_items": ["page-toc", "sg_download_links"],
    "footer_start": ["copyright"],
    "footer_end": [],
}
html_show_sourcelink = False
