"""How long a pass counts. A course without a validity gives passes that never expire."""

import calendar
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Validity:
    """A number of calendar months."""

    months: int

    def last_day(self, start: date) -> date:
        """
        The last day on which a pass of *start* counts.

        Clamped to the end of the month: 31 January + 1 month is the last of February.
        """
        years, month_index = divmod(start.month - 1 + self.months, 12)
        year, month = start.year + years, month_index + 1
        return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))

    def sum(self, start: date) -> str:
        """
        The sum that gives the last day, for a reader.

        The manifest signs these words: other words need a new version.
        """
        end = self.last_day(start)
        clamped = ", the last day of that month" if end.day != start.day else ""
        return f"{start} + {self.months} calendar months = {end}{clamped}"
