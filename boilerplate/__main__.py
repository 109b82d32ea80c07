"""``python -m boilerplate``."""

import sys

from boilerplate.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
