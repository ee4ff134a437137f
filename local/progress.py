"""What is going on, for the person who waits. On stderr: stdout belongs to results."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

console = Console(stderr=True, highlight=False)


@contextmanager
def step(doing: str) -> Iterator[None]:
    """Show *doing* while the block runs, and how long it took once it is done."""
    started = time.monotonic()
    if not console.is_terminal:
        console.print(f"  {doing} ...")
    with console.status(doing):
        yield
    console.print(f"[green]✓[/] {doing} [dim]{time.monotonic() - started:.1f} s[/]")
