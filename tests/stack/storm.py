"""A trainer who saves one draft after another, until the session is closed or all are saved."""

import time
from dataclasses import dataclass, field
from http import HTTPStatus

import httpx

from testing.api import Session, grid, mark

# A storm without an end would leave a large session no moment to be read and finalized in.
DRAFTS = 40


@dataclass
class Drafter:
    """
    One trainer's drafts about one *person*, told apart by their remarks.

    *saved* is what was acknowledged last; *unsure* are drafts since then without a clear answer.
    """

    trainer: httpx.Client
    session: Session
    person: str
    saved: str | None = None
    unsure: list[str] = field(default_factory=list)
    last_saved_began: float = 0

    def save_many(self) -> None:
        """Save without a pause until the session is closed; a refusal to retry is no end."""
        for number in range(DRAFTS):
            if self.save(f"draft {number}") == HTTPStatus.CONFLICT:
                return

    def save(self, remark: str) -> int:
        """Save one draft and return the status of the answer."""
        began = time.monotonic()
        row = mark(self.person, remarks=remark)
        answer = self.trainer.patch(self.session.attendance, json=grid(row))
        if answer.is_server_error:
            self.unsure.append(remark)
        elif answer.is_success:
            self.saved, self.unsure, self.last_saved_began = remark, [], began
        return answer.status_code

    @property
    def possible(self) -> set[str | None]:
        """Return the remarks that the person's record may show."""
        return {self.saved, *self.unsure}
