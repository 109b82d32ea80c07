"""The examples in docs/ run as they stand."""

from __future__ import annotations

import ast
import gzip
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEEDS = {"datatrove": ["datatrove", "fastwarc"], "huggingface": ["datasets"], "spark": ["pyspark", "pyarrow"]}


def examples() -> list[tuple[str, str]]:
    found = []
    for path in sorted((ROOT / "docs").glob("*.md")):
        blocks = re.findall(r"^```python\n(.*?)^```$", path.read_text("utf-8"), re.M | re.S)
        found += [(path.stem, block) for block in blocks]
    return found


@pytest.mark.parametrize(("name", "code"), [pytest.param(*example, id=example[0]) for example in examples()])
def test_example(name: str, code: str, tmp_path: Path) -> None:
    for library in NEEDS.get(name, [name] if (ROOT / "boilerplate" / f"{name}.py").exists() else []):
        pytest.importorskip(library)
    if name == "spark" and not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("Spark needs Java")
    (tmp_path / "datasets").symlink_to(ROOT / "datasets")
    (tmp_path / "example.py").write_text(code, "utf-8")
    done = subprocess.run(
        [sys.executable, "example.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout.strip() or any(tmp_path.glob("articles/*"))
    if name == "datatrove":
        found = ast.literal_eval(done.stdout.splitlines()[-1])
        assert found["total"] == len(list((ROOT / "datasets/portals/pages").glob("*.html")))
        assert found["forwarded"] + found["dropped"] == found["total"]
        for folder, number in (("articles", found["forwarded"]), ("dropped", found["dropped"])):
            rows = b"".join(gzip.decompress(path.read_bytes()) for path in (tmp_path / folder).glob("*.gz"))
            assert rows.count(b"\n") == number


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text("utf-8")
    assert all(f"({path.name})" in index for path in (ROOT / "docs").glob("*.md") if path.name != "README.md")
