"""The browser that tests and benchmarks open the console in."""

import shutil

# The first is the same browser without windows, which needs half the CPU.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
MISSING = f"This needs one of {', '.join(NAMES)} on the path."


def installed() -> str | None:
    """Return the path of the first of them that is installed."""
    return next(filter(None, map(shutil.which, NAMES)), None)
