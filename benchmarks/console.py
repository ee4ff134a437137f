"""
How long a person waits for the console: its size, the first row, a keystroke among 10,000 people.

In a real browser, on a stack of its own.
"""

import gzip
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
from playwright.sync_api import sync_playwright
from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.report import machine
from local.console.process import served
from local.console.publishing import files
from local.embedded import embedded_stack
from local.progress import step
from local.stack import Stack
from local.users import token
from local.workspace import STATE
from testing.api import a_session
from testing.chromium import MISSING, installed
from testing.desk import Desk, signed_in
from testing.pace import first_row_ms, keystroke_ms

HOME = "bench-console"
PATIENCE_SECONDS = 60
TEXT = "Came late, left early"
ROUNDS = 5


@dataclass(frozen=True)
class Measure:
    """One figure and its maximum."""

    name: str
    value: float
    most: float
    unit: str

    @property
    def is_missed(self) -> bool:
        return self.value >= self.most


def main() -> int:
    """Measure, print, and fail if a maximum is exceeded."""
    with (
        embedded_stack(HOME) as stack,
        _desk(stack) as desk,
        _admin(stack) as admin,
        step("Measuring the console"),
    ):
        measures = [_bytes(), _first_row(desk, admin), _keystroke(desk, admin)]
    _show(measures)
    return int(any(measure.is_missed for measure in measures))


def _bytes() -> Measure:
    shipped = sum(len(gzip.compress(path.read_bytes())) for path in files() if path.suffix != ".md")
    return Measure("All files, compressed", shipped / 1000, 150, "kB")


def _first_row(desk: Desk, admin: httpx.Client) -> Measure:
    session = a_session(admin, people=100)
    waits = sorted(first_row_ms(desk, session) for _ in range(ROUNDS))
    return Measure("First row of 100 people, median", waits[ROUNDS // 2], 1000, "ms")


def _keystroke(desk: Desk, admin: httpx.Client) -> Measure:
    desk.open(a_session(admin, people=10_000))
    wait = keystroke_ms(desk.page, desk.mark("Remarks", "Person 0000"), TEXT)
    return Measure("A keystroke among 10,000 rows, median", wait, 50, "ms")


@contextmanager
def _desk(stack: Stack) -> Iterator[Desk]:
    chromium = installed()
    if chromium is None:
        raise SystemExit(MISSING)
    with (
        served(stack, STATE / HOME / "stack.json") as url,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"]) as browser,
    ):
        context = browser.new_context()
        context.add_init_script(signed_in(stack, "admin"))
        yield Desk(context, url)


@contextmanager
def _admin(stack: Stack) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {token(stack, 'admin')}"}
    with httpx.Client(
        base_url=stack.api_url, headers=headers, timeout=PATIENCE_SECONDS, trust_env=False
    ) as admin:
        yield admin


def _show(measures: list[Measure]) -> None:
    table = Table(box=box.SIMPLE_HEAD, caption=machine(), pad_edge=False)
    for head in ("Measure", "Measured", "At most"):
        table.add_column(head, justify="left" if head == "Measure" else "right")
    for it in measures:
        table.add_row(it.name, f"{it.value:.0f} {it.unit}", f"{it.most:.0f} {it.unit}")
    Console(highlight=False).print(table)


if __name__ == "__main__":
    sys.exit(main())
