"""`make bench`: all that is measured."""

import sys

from benchmarks import console, finalize

if __name__ == "__main__":
    sys.exit(finalize.main() + console.main() > 0)
