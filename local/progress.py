"""Progress messages for the person who waits, on stderr: stdout is for results."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

console = Console(stderr=True, highlight=False)


@contextmanager
def step(doing: str) -> Iterator[None]:
    """Show *doing* while the block runs, and then how long it took."""
    started = time.monotonic()
    if not console.is_terminal:
        console.print(f"  {doing} ...")
    with console.status(doing):
        yield
    console.print(f"[green]✓[/] {doing} [dim]{time.monotonic() - started:.1f} s[/]")
