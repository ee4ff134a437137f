"""What the console consists of: few files, our own, and all in use."""

import gzip
import hashlib
import re

from local.console.publishing import WEB, files

MOST_BYTES = 150_000
LIBRARY = WEB / "vendor" / "htm-preact.js"


def test_the_console_is_small() -> None:
    """All of it, compressed, is smaller than one photo of a sheet."""
    shipped = sum(len(gzip.compress(path.read_bytes())) for path in files())

    assert shipped < MOST_BYTES


def test_what_is_vendored_is_what_is_listed() -> None:
    """Version, licence and hash of the library are listed, and its bytes have that hash."""
    listed = (WEB / "vendor" / "README.md").read_text()

    assert hashlib.sha256(LIBRARY.read_bytes()).hexdigest() in listed


def test_nothing_on_the_page_comes_from_elsewhere() -> None:
    """No file names another origin, and none has an inline script or style."""
    own = [path for path in WEB.rglob("*") if path.suffix in {".js", ".css", ".html"}]
    texts = {path.name: path.read_text() for path in own if path != LIBRARY}

    assert [name for name, text in texts.items() if re.search(r"https?://", text)] == []
    assert not re.search(r"<style|<script(?![^>]*src=)|\son\w+=|style=", texts["index.html"])
