"""Measurements for the eye and for the documentation."""

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
    before, _, rest = page.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}{_markdown(costs)}{END}{after}")


def machine() -> str:
    """Say where it was measured."""
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
