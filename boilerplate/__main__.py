"""``python -m boilerplate``."""

import sys

from boilerplate.cli.main import program

if __name__ == "__main__":
    sys.exit(program())
