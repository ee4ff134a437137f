"""`make bench`: all that is measured."""

import sys

from benchmarks.finalize import main

if __name__ == "__main__":
    sys.exit(main())
