"""Makes the pictures of the documents: what ``boilerplate inspect`` shows of a page of our own, in headless Chromium.

python docs/pictures.py        needs chromium, jinja2 and Pillow
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent
PAGE = HERE.parent / "datasets" / "portals" / "pages" / "suluh.example-01.html"
SIZE = (1280, 760)
PICTURES = {
    "inspect-story": 'show("42");',
    "inspect-lists": 'show("78");',
    "inspect-kept": 'show("42"); document.querySelector("[data-tab=text]").click();',
}
SHOW = (
    "const show = (n) => { mark(n, 'page'); rows.get(n).scrollIntoView({block: 'center'}); };"
    "addEventListener('load', () => setTimeout(() => { %s }, 300));"
)


def main() -> None:
    """Write the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "inspection.html")
        subprocess.run([sys.executable, "-m", "boilerplate", "inspect", PAGE, "-o", file], check=True)
        html = file.read_text("utf-8")
        html = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)  # our script below has to run
        for name, script in PICTURES.items():
            file.write_text(html.replace("</body>", f"<script>{SHOW % script}</script></body>"), "utf-8")
            shot = Path(folder, "shot.png")
            take(file, shot)
            few = Image.open(shot).convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
            few.save(HERE / "images" / f"{name}.png", optimize=True)


def take(file: Path, shot: Path) -> None:
    """Take a screenshot of an HTML file."""
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--virtual-time-budget=3000"]
    window = f"--window-size={SIZE[0]},{SIZE[1]}"
    subprocess.run(["chromium", *options, window, f"--screenshot={shot}", file], check=True, capture_output=True)


if __name__ == "__main__":
    main()
