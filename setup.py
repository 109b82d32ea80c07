"""What ``pyproject.toml`` cannot declare: the models' folder, and the compiled versions of the hottest loops.

They are optional: without a C compiler, or on an interpreter that lxml's C
interface is not for, the build goes on and the package runs in Python alone.
"""

from __future__ import annotations

import os
import sys

from setuptools import find_packages, setup
from setuptools.extension import Extension


def compiled() -> list[Extension]:
    """Translate them to C; none where that cannot be done, or is not wanted."""
    if sys.implementation.name != "cpython" or os.environ.get("BOILERPLATE_PURE"):
        return []
    try:
        import lxml
        from Cython.Build import cythonize
        from Cython.Compiler.Errors import CompileError
    except ImportError:
        return []
    extensions = [
        Extension("boilerplate.reading._utf8", ["boilerplate/reading/_utf8.pyx"]),
        Extension("boilerplate.segment._scan", ["boilerplate/segment/_scan.pyx"]),
        Extension("boilerplate.segment._walk", ["boilerplate/segment/_walk.pyx"], include_dirs=lxml.get_include()),
        Extension("boilerplate.features._tokenize", ["boilerplate/features/_tokenize.pyx"]),
        Extension("boilerplate.features._address", ["boilerplate/features/_address.pyx"]),
        Extension("boilerplate.features._keys", ["boilerplate/features/_keys.pyx"]),
    ]
    try:
        translated: list[Extension] = cythonize(extensions, build_dir="build")
    except CompileError as error:  # an lxml without its headers
        print(f"not compiled, which costs speed only: {error}", file=sys.stderr)
        return []
    for extension in translated:
        extension.optional = True  # set here: `cythonize` makes new ones and drops it
    return translated


setup(
    packages=[
        *find_packages(include=["boilerplate", "boilerplate.*"]),
        "boilerplate.models",
        "boilerplate.annotation.templates",
        "boilerplate.label_files",
        "boilerplate.inspection.templates",
        "boilerplate.training.templates",
    ],
    package_dir={"boilerplate.models": "models", "boilerplate.label_files": "datasets/labels"},
    package_data={
        "": ["*.tsv", "*.pyx", "py.typed"],
        "boilerplate.annotation": ["templates/*"],
        "boilerplate.inspection": ["templates/*"],
        "boilerplate.training": ["templates/*"],
        "boilerplate.models": ["*"],
        "boilerplate.label_files": ["*.jsonl.gz"],
    },
    ext_modules=compiled(),
)
