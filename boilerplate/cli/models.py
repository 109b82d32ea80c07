"""The command ``models``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from boilerplate.cli.status import OK
from boilerplate.cli.terminal import print_message, print_text
from boilerplate.errors import InputError
from boilerplate.model.about import ModelInfo, list_models


def models(args: argparse.Namespace) -> int:
    """Print a list of models."""
    for folder in args.folders:
        if not folder.is_dir():
            raise InputError(f"{folder}: {'is no folder' if folder.exists() else 'no such folder'}")
    shipped, own, others = list_models(args.folders or [Path(), Path("models")])
    if args.json:
        listed = [
            {**{key: value for key, value in info.to_dict().items() if key != "card"}, "shipped": is_shipped}
            for infos, is_shipped in ((shipped, True), (own, False))
            for info in infos
        ]
        print_text(json.dumps(listed, indent=2))
    else:
        lines = [(info.name, info) for info in shipped] + [(_shown(info.file), info) for info in own]
        width = max((len(name) for name, _ in lines), default=0)
        print_text("\n".join(_line(name, info, width) for name, info in lines))
    if others:
        print_message(f"{others} other .npz file{'s are no models' if others > 1 else ' is no model'}")
    return OK


def _shown(file: Path) -> str:
    """A path from here, if that is shorter."""
    return str(file.relative_to(Path.cwd())) if file.is_relative_to(Path.cwd()) else str(file)


def _line(name: str, info: ModelInfo, width: int) -> str:
    unusable = "" if info.usable else " (features of another release: train it again)"
    return f"{name:<{width}}  {info.kind:<4}  {info.date}  {info.size / 1e6:5.2f} MB  {info.summary}{unusable}"
