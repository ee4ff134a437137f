"""The people who act in the demo, and its sessions."""

import secrets
from dataclasses import dataclass, field
from typing import Self

from local import samples
from local.demo.client import Client
from local.demo.story import Story
from local.samples import Course, Session
from local.stack import Stack
from local.users import token


@dataclass(frozen=True)
class DemoRun:
    """
    The people, the narrator, and this run's own name.

    The name is part of every course and session id, so that the demo can be repeated on one stack,
    beside the samples and other runs.
    """

    story: Story
    admin: Client
    trainer: Client
    auditor: Client
    run: str = field(default_factory=lambda: secrets.token_hex(2))

    @classmethod
    def on(cls, stack: Stack, story: Story) -> Self:
        admin, trainer, auditor = (
            Client(stack.api_url, token(stack, role)) for role in ("admin", "trainer", "auditor")
        )
        return cls(story, admin, trainer, auditor)

    def close(self) -> None:
        for person in (self.admin, self.trainer, self.auditor):
            person.close()

    def named(self, sample_id: str) -> str:
        return f"{sample_id}-{self.run}"

    def courses(self) -> dict[str, Course]:
        return {self.named(course_id): course for course_id, course in samples.courses().items()}

    def register(self, sample_id: str) -> Session:
        """Register the sample session *sample_id* under this run's name."""
        session = samples.sessions()[sample_id]
        session["courseId"] = self.named(session["courseId"])
        self.admin.put_session(self.named(sample_id), session).expect(201)
        return session
