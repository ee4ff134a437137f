"""
A course, as far as its sessions' records depend on it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Course:
    """
    The rules a session's records follow.

    *validity_months* absent means that a pass never expires; *retention_years* absent means that
    evidence is kept as long as the company keeps it in general. *revision* counts every change of
    the course, so that a view which showed other rules can be told from one that showed these.
    """

    course_id: str
    title: str
    requires_verify: bool
    version: str | None = None
    validity_months: int | None = None
    retention_years: int | None = None
    revision: int = 0
