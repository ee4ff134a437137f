"""Every session that is accepted can be read in one answer (a Lambda returns 6,291,556 bytes)."""

import base64
import gzip
import hashlib
import json
from array import array
from dataclasses import replace

import pytest

from shared.contracts.session import session_response
from shared.domain.gate import Gate
from shared.domain.roster import ROSTER_BYTES
from shared.domain.session import Attendee, Snapshot
from shared.runtime.delivery import MOST_BYTES, Preferences, delivered
from shared.runtime.http import answer
from testing.builders import NOW, a_course, a_session, a_snapshot, attendees

BROWSER = Preferences("GET", "*/*", "gzip, deflate, br")
PLAIN = Preferences("GET")
PEOPLE = attendees(10_000)


def size(snapshot: Snapshot, client: Preferences) -> int:
    """Return what a Lambda would return for a view of the session."""
    view = session_response(Gate(snapshot, a_course(), (), NOW))
    response = delivered(answer(view), client)
    return len(json.dumps(response.body))


def noise(characters: int) -> str:
    """Return text of all scripts that no compression makes smaller."""
    stream = hashlib.shake_128(b"noise").digest(2 * characters)
    numbers = array("H", stream)
    points = (0x4E00 + number % 20_000 for number in numbers)
    return "".join(map(chr, points))


def filled(people: tuple[Attendee, ...], bytes_each: int) -> tuple[Attendee, ...]:
    """Give everybody remarks of that many bytes, each others."""
    letters = bytes_each // 3
    text = noise(letters * len(people))
    return tuple(
        replace(person, remarks=text[number * letters : (number + 1) * letters])
        for number, person in enumerate(people)
    )


def test_ten_thousand_people_with_ordinary_remarks_are_one_answer() -> None:
    """A console reads them at once, and a client without compression does too."""
    people = tuple(
        replace(one, remarks="Wears glasses; practical part repeated.") for one in PEOPLE
    )
    snapshot = a_snapshot(*people)

    assert (snapshot.session.roster_bytes or 0) < 0.7 * ROSTER_BYTES
    assert size(snapshot, BROWSER) < 0.1 * MOST_BYTES
    assert size(snapshot, PLAIN) < MOST_BYTES


@pytest.mark.parametrize("count", [10_000, 850])
def test_largest_roster_is_one_answer(count: int) -> None:
    """However many people share the bytes, and whatever they are."""
    room = ROSTER_BYTES - sum(person.bytes for person in PEOPLE[:count])
    snapshot = a_snapshot(*filled(PEOPLE[:count], room // count))

    assert ROSTER_BYTES * 0.99 < (snapshot.session.roster_bytes or 0) <= ROSTER_BYTES
    assert size(snapshot, BROWSER) < MOST_BYTES
    assert size(snapshot, replace(BROWSER, accept_encoding=None)) < MOST_BYTES


def test_largest_roster_leaves_room_for_the_rest_of_a_view() -> None:
    """Even where nothing can be compressed, details, course and other uses fit beside it."""
    longest = a_session(roster_bytes=ROSTER_BYTES)
    details = replace(longest.details, title="\U0001f600" * 300, location="\U0001f600" * 300)
    others = [f"{number:064}" for number in range(1_000)]
    seen = Gate(Snapshot(replace(longest, details=details), ()), a_course(), others, NOW)

    body = session_response(seen).json_text().encode()

    worst = ROSTER_BYTES + len(body)
    assert len(base64.b64encode(gzip.compress(bytes(worst), 0))) < MOST_BYTES - 20_000
