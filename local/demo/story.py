"""Tells the story, and checks everything before it is shown."""

from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.rule import Rule
from rich.status import Status
from rich.table import Table
from rich.text import Text

from local.demo.client import Answer

WIDEST = 100
COLOURS = {
    "GREEN": "green",
    "AMBER": "yellow",
    "RED": "red",
    "PASSED": "green",
    "FAILED": "red",
    "PENDING_VERIFICATION": "yellow",
}


class DemoFailed(Exception):
    """What happened is not what the story expects."""


class Story:
    """A narrator that writes to a terminal or a file, in 80 columns."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False)
        self.console.width = min(self.console.width, WIDEST)
        self.checks = 0
        self.refusals = 0
        self._scenes = 0

    def check(self, what: str, *, expected: object, seen: object) -> None:
        self.checks += 1
        if seen != expected:
            raise DemoFailed(f"{what}\n  expected: {expected}\n  seen:     {seen}")

    def open(self, title: str, text: str) -> None:
        self.console.print(Panel(text, title=f"[bold]{title}", box=box.ROUNDED, padding=(1, 2)))

    def close(self, seconds: float) -> None:
        self.console.print()
        self.open(
            "All as it should be",
            f"{self._scenes} scenes, {self.refusals} refusals where they belong, "
            f"{self.checks} checks passed in {seconds:.0f} seconds.\n"
            "To try it yourself: [bold]make up[/]",
        )

    def scene(self, title: str, text: str) -> None:
        self._scenes += 1
        self.console.print()
        self.console.print(Rule(f"[bold]{self._scenes}. {title}", align="left", style="dim"))
        self.console.print(text)
        self.console.print()

    def say(self, text: str) -> None:
        self._line("", text)

    def waiting(self, what: str) -> Status:
        return self.console.status(what)

    def done(self, text: str) -> None:
        self._line("[green]✓[/]", text)

    def refused(self, who_did_what: str, answer: Answer, status: int, title: str = "") -> None:
        """Show a refusal that is part of the story; an empty *title* stands for any."""
        self.check(f"{who_did_what}: the status", expected=status, seen=answer.status)
        self.check(f"{who_did_what}: the title", expected=title or answer.title, seen=answer.title)
        self.refusals += 1
        self._line("[yellow]✗[/]", f"{who_did_what}: [bold]{status} {escape(answer.title)}[/]")
        self._line("", f"[dim]{escape(str(answer.body.get('detail', '')))}[/]")

    def table(self, heads: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
        table = Table(*heads, box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
        for row in rows:
            table.add_row(*(_cell(value) for value in row))
        self.console.print(table)

    def _line(self, mark: str, text: str) -> None:
        line = Table.grid(padding=(0, 1))
        line.add_column(width=3, justify="right")
        line.add_row(mark, text)
        self.console.print(line)


def _cell(value: object) -> Text:
    return Text(str(value), style=COLOURS.get(str(value), ""))
