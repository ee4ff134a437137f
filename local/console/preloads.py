"""
The modules that `index.html` preloads: all that `main.js` imports, directly or not.

`python -m local.console.preloads` writes them into the page; `make format` does so too.
"""

import posixpath
import re
from pathlib import Path

from local.workspace import ROOT

WEB = ROOT / "web"
FIRST = "main.js"
IMPORT = re.compile(r'^(?:import|export)\b[^"]*?\bfrom "(\.[^"]+)";', re.MULTILINE)
PRELOADS = re.compile(r'(?: *<link rel="modulepreload" href="[^"]+" ?/?>\n)+')


def modules(web: Path) -> list[str]:
    """Return all modules that `main.js` imports, directly or not."""
    found: set[str] = set()
    waiting = [FIRST]
    while waiting:
        name = waiting.pop()
        imported = {
            posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
            for target in IMPORT.findall((web / name).read_text())
        }
        waiting += imported - found
        found |= imported
    return sorted(found)


def page(web: Path) -> str:
    """Return `index.html` as it should be: with a line for each module."""
    lines = [f'    <link rel="modulepreload" href="{name}" />\n' for name in modules(web)]
    return PRELOADS.sub("".join(lines), (web / "index.html").read_text(), count=1)


if __name__ == "__main__":
    (WEB / "index.html").write_text(page(WEB))
