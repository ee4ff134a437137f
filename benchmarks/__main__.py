"""`make bench`: runs every measurement."""

import sys

from benchmarks import console, finalize

if __name__ == "__main__":
    sys.exit(finalize.main() + console.main() > 0)
