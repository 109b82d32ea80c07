"""How Sphinx builds these documents: ``sphinx-build -W -n docs docs/_build``. Nothing is fetched."""

from __future__ import annotations

from importlib.util import find_spec

import boilerplate

project = "boilerplate"
author = "the boilerplate authors"
copyright = f"2026, {author}"
release = version = boilerplate.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc", "sphinx_argparse_cli"]
exclude_patterns = ["_build"]
myst_heading_anchors = 3
myst_enable_extensions = ["attrs_inline"]
suppress_warnings = ["myst.header"]  # a page that is included starts at its own level

autodoc_mock_imports = [
    name for name in ("datatrove", "pandas", "pyspark", "scrapy", "sklearn") if find_spec(name) is None
]
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False
# Names of types that are no documented objects: those of other libraries, whose indexes would have to be fetched.
nitpick_ignore_regex = [
    ("py:.*", r"(?!boilerplate).*"),
    ("py:.*", r"boilerplate\.(cleaner|outcome|segment|workers)\..*"),
]
default_role = "literal"

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["pictures.css"]
html_title = f"boilerplate {release}"
html_copy_source = False
html_show_sphinx = False
html_theme_options = {"top_of_page_buttons": []}
