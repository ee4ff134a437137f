"""
ETags: the state of a session that a client saw, and that it names in If-Match and If-None-Match.

A tag is `"<version>.<course revision>.<hash>"`. Changes depend on the first two parts: finalize on
both, because the course decides which kind of records is written, all others on the first. The hash
tells views of the same version apart, which time and other sessions change. A tag may lack its last
parts; what it does not name is not compared.
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from shared.domain.course import Course
from shared.domain.manifest import attestation
from shared.domain.plan import blockers
from shared.domain.session import Session, SessionStatus
from shared.domain.session_conditions import ExpectedVersion

# RFC 9110 §8.8.3 and §5.6.1; the possessive quantifiers keep the matching linear.
_BLANK = r"[ \t]*+"
_ANY_TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\U0010ffff]*+"'
_ELEMENT = rf"{_BLANK}(?:{_ANY_TAG}{_BLANK})?+"
_LIST = re.compile(rf"{_ELEMENT}(?:,{_ELEMENT})*+")
_TAGS = re.compile(_ANY_TAG)
# A proxy that compresses an answer marks its tag as weak (W/); it names the same state.
_OURS = re.compile(r'(?:W/)?"([0-9]{1,15})(?:\.([0-9]{1,15})(?:\.[0-9a-f]{8})?)?"')

# In every time zone a day begins on a quarter of an hour of UTC.
_QUARTER = timedelta(minutes=15)


def etag(session: Session, course: Course | None = None) -> str:
    return f'"{session.version}"' if course is None else f'"{session.version}.{course.revision}"'


def view_etag(session: Session, course: Course, other_uses: Sequence[str], now: datetime) -> str:
    """The tag of a view of *session* that was taken *now*; equal tags mean equal views."""
    facts = (
        session.evidence_state(now),
        [blocker.slug for blocker in blockers(session, now)],
        sorted(other_uses),
        _moment(session, now),
        attestation(session.finalization),
    )
    distinction = hashlib.blake2b(repr(facts).encode(), digest_size=4).hexdigest()
    return f'"{session.version}.{course.revision}.{distinction}"'


def expected_versions(header: str | None) -> Sequence[ExpectedVersion] | None:
    """
    The versions in an If-Match or If-None-Match header; None if there is no such header.

    "*" stands for any session that exists (RFC 9110). A tag we never gave out, or a list that is
    not well formed, matches nothing.
    """
    if header is None:
        return None
    if header.strip() == "*":
        return [ExpectedVersion(None)]
    ours = (_OURS.fullmatch(tag) for tag in _tags(header))
    return [ExpectedVersion(int(tag[1]), int(tag[2]) if tag[2] else None) for tag in ours if tag]


def is_well_formed(header: str) -> bool:
    """Whether it is "*" or a list of tags, ours or not."""
    return header.strip() == "*" or bool(_tags(header))


def names(if_none_match: str, tag: str) -> bool:
    """Whether a client that sends this If-None-Match has what *tag* stands for already."""
    seen = (one.removeprefix("W/") for one in _tags(if_none_match))
    return if_none_match.strip() == "*" or tag in seen


def _tags(header: str) -> list[str]:
    return _TAGS.findall(header) if _LIST.fullmatch(header) else []


def _moment(session: Session, now: datetime) -> datetime:
    """The time until which the view stays as it is; its progress changes all the time."""
    if session.status is SessionStatus.FINALIZING:
        return now
    return now - (now - datetime.min.replace(tzinfo=now.tzinfo)) % _QUARTER
