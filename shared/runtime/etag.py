"""
ETags: which state of a session a client saw.

A tag is `"<version>.<course revision>"`. Both parts matter to whoever finalizes, because the course
decides what kind of records there will be; a tag without the second part stands for the session
alone.
"""

import re
from collections.abc import Sequence

from shared.domain.course import Course
from shared.domain.session import Session, View

# A proxy that compresses an answer marks its tag as weak; it is still the same state.
_TAG = re.compile(r'(?:W/)?"(\d{1,15})(?:\.(\d{1,15}))?"')


def etag(session: Session, course: Course | None = None) -> str:
    return f'"{session.version}"' if course is None else f'"{session.version}.{course.revision}"'


def seen_views(if_match: str | None) -> Sequence[View] | None:
    """
    The states named by an If-Match header; None if there is no condition.

    "*" is the condition that there is something (RFC 9110). A tag we never gave out matches
    nothing, so that a broken client is refused rather than trusted.
    """
    if if_match is None:
        return None
    if if_match.strip() == "*":
        return [View(None)]
    return [
        View(int(version), int(revision) if revision else None)
        for version, revision in _TAG.findall(if_match)
    ]
