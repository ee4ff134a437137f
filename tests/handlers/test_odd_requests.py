"""No request is a fault of ours: odd ones are refused, and what is taken can be read."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.handlers import steps
from tests.handlers.calls import EVENTS, Json, invoke, request, sample
from tests.handlers.steps import FORKLIFT

pytestmark = pytest.mark.usefixtures("stack")

# The same requests each time, so that a verdict is not a matter of chance.
EXAMPLES = settings(
    derandomize=True,
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
PLACE = "the odd place"

LARGEST_ANSWER = 6_291_556
DEEP = 3_000
TEXTS = [
    "",
    " ",
    "\x00",
    "\ud800",
    "\u202e",
    "é",
    "٣",
    "*",
    "null",
    "NaN",
    "-1",
    "1e9",
    "9" * 5_000,
    "%00",
    "../x",
    '"',
    '"1"2"',
    "W/",
    ";q=",
    "gzip;q=nan",
    "a,b;c=d",
    "2026-02-30",
    "0001-01-01",
    "9999-12-31",
    "x" * 2_000,
    "////",
    "LTE=",
    "MQ==",
    "AA==",
]
FRAGMENTS = [
    "null",
    "true",
    "0",
    "-1",
    "0.5",
    "-0",
    "1e999",
    "NaN",
    "Infinity",
    "9" * 5_000,
    "18446744073709551616",
    "[]",
    "{}",
    "[[]]",
    '{"a": 1, "a": 2}',
    "[" * DEEP + "]" * DEEP,
    '{"a":' * DEEP + "1" + "}" * DEEP,
    r'"\u0000"',
    r'"\ud800"',
    r'"\udc00\ud800"',
    r'"c\u0000aaaaaaaaaaaa"',
    '"c' + "\U0001f600" * 63 + '"',
    '"c' + "x" * 5_000 + '"',
    '"0001-01-01T00:00:00+14:00"',
    '"9999-12-31T23:59:59-12:00"',
    '"1970-01-01T00:00:00+23:59"',
    '"2200-12-31T23:59:59.999999999Z"',
    '"localtime"',
    "'x'",
    "",
    *(json.dumps(text) for text in TEXTS),
]
BODIES: list[str | bytes] = [
    "\ud800",
    "[" * 100_000,
    "null",
    "{}",
    "\ufeff{}",
    "{} {}",
    "\x00",
    '{"attendees": [' + "{}," * 2_000 + "{}]}",
    b"\xff\xfe{\x00}\x00",
    b"\x1f\x8b\x08\x00",
    b"--\r\n\r\n--",
    b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename*=x''%ff\r\n\r\nx\r\n--x--",
]
HEADERS = (
    "If-Match",
    "If-None-Match",
    "Accept",
    "Accept-Encoding",
    "Content-Type",
    "Idempotency-Key",
    "X-Odd",
)
QUERIES = ("limit", "cursor", "status", "asOf", "odd")
IDS = ("session_id", "course_id", "personnel_id")

CASES = sorted(
    (path.parent.name, path.stem)
    for path in EVENTS.glob("*/*.json")
    if "httpMethod" in path.read_text()
)
WITH_JSON = [case for case in CASES if str(sample(*case)["body"]).startswith("{")]

cases = st.sampled_from(CASES)
odd_texts = st.sampled_from(TEXTS) | st.text(max_size=20)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - any JSON
    """Yield the path of every value in some JSON, the whole first."""
    yield path
    if isinstance(value, dict):
        for key, part in value.items():
            yield from places(part, (*path, key))
    elif isinstance(value, list):
        for number, part in enumerate(value[:2]):
            yield from places(part, (*path, number))


def with_fragment(body: Json, path: tuple[Any, ...], fragment: str) -> str:
    """Return *body* as text, with *fragment* in place of one of its values."""
    whole: Any = deepcopy({"": body})
    *before, last = ("", *path)
    part = whole
    for step in before:
        part = part[step]
    part[last] = PLACE
    return json.dumps(whole[""]).replace(json.dumps(PLACE), fragment)


@st.composite
def odd_bodies(draw: st.DrawFn) -> tuple[str, str | bytes]:
    """Draw a function, and a body for it that is odd in one place, or altogether."""
    case = draw(st.sampled_from(WITH_JSON))
    body = json.loads(sample(*case)["body"])
    place = draw(st.sampled_from(list(places(body))))
    inside = st.sampled_from(FRAGMENTS).map(lambda fragment: with_fragment(body, place, fragment))
    return case[0], draw(st.one_of(inside, inside, inside, st.sampled_from(BODIES)))


def sent(function: str, event: Json) -> Json:
    """Send a request, and see that its answer is no fault of ours and not too large."""
    result: Json = invoke(function, event)
    assert result["statusCode"] < 500, result
    assert len(json.dumps(result)) <= LARGEST_ANSWER
    return result


def is_readable(session_id: str) -> None:
    """See that a session is read and listed, and that finalizing it is no fault of ours."""
    sent("view_session", request("view_session", session_id=session_id))
    sent("view_session", request("view_session", "list"))
    sent("finalize_session", request("finalize_session", session_id=session_id))


@EXAMPLES
@given(odd_bodies(), st.integers(0))
def test_odd_body_is_refused_or_taken_for_good(odd: tuple[str, str | bytes], number: int) -> None:
    """Whatever stands in a body: if it is taken, everything about the session is read as before."""
    function, body = odd
    steps.enter()
    session_id = f"odd-{number % 10**9}" if function == "register_session" else FORKLIFT

    result = sent(function, request(function, session_id=session_id, body=body))

    if result["statusCode"] < 300:
        is_readable(session_id)


@EXAMPLES
@given(cases, st.sampled_from(HEADERS), st.sampled_from(QUERIES), odd_texts, odd_texts)
def test_odd_header_or_parameter_is_refused_or_ignored(
    case: tuple[str, str], header: str, name: str, text: str, value: str
) -> None:
    """No header and no parameter of an address is a fault of ours."""
    steps.enter()

    sent(case[0], request(*case, headers={header: text}, query={name: value}))


@EXAMPLES
@given(cases, st.sampled_from(IDS), odd_texts)
def test_odd_id_is_refused(case: tuple[str, str], name: str, text: str) -> None:
    """An address names what is there, or is refused."""
    change: Any = {name: text}

    sent(case[0], request(*case, **change))


@EXAMPLES
@given(cases, st.sampled_from(["HEAD", "OPTIONS", "DELETE", "", "get", "\x00", "\ud800"]))
def test_odd_method_is_refused(case: tuple[str, str], method: str) -> None:
    """Whatever passes the gateway, a function answers what it knows, and refuses the rest."""
    sent(case[0], request(*case) | {"httpMethod": method})
