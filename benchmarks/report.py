"""Shows measurements in the terminal, and writes them into the documentation."""

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.cost import Cost

HEADS = ("People", "Way", "Calls in a row", "Calls", "Write units", "Seconds")
BEGIN, END = "<!-- measured -->\n", "<!-- /measured -->\n"


def show(costs: Sequence[Cost]) -> None:
    """Print a table."""
    table = Table(box=box.SIMPLE_HEAD, caption=machine(), pad_edge=False)
    for head in HEADS:
        table.add_column(head, justify="left" if head == "Way" else "right")
    for cost in costs:
        table.add_row(*_cells(cost), end_section=_is_last_of_size(cost, costs))
    Console(highlight=False).print(table)


def write(costs: Sequence[Cost], page: Path) -> None:
    """Replace the measured part of *page*."""
    renew(page, BEGIN, END, _markdown(costs))


def renew(page: Path, begin: str, end: str, content: str) -> None:
    """Replace what stands between two marks on *page*."""
    before, _, rest = page.read_text().partition(begin)
    _, _, after = rest.partition(end)
    page.write_text(f"{before}{begin}{content}{end}{after}")


def machine() -> str:
    """Describe the machine of the measurement."""
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, MiniStack {version('ministack')}"
    )


def _markdown(costs: Sequence[Cost]) -> str:
    rules = (":--" if head == "Way" else "--:" for head in HEADS)
    rows = [HEADS, tuple(rules), *(_cells(cost) for cost in costs)]
    table = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    return f"\n{table}\n{machine()}.\n"


def _cells(cost: Cost) -> tuple[str, ...]:
    return (
        f"{cost.people:,}",
        cost.way,
        f"{cost.depth:,}",
        f"{cost.requests:,}",
        f"{cost.write_units:,.0f}",
        f"{cost.seconds:.2f}",
    )


def _is_last_of_size(cost: Cost, costs: Sequence[Cost]) -> bool:
    return cost == [other for other in costs if other.people == cost.people][-1]
