"""PATCH .../attendance takes and refuses exactly the bodies that the spec's Zod schema does."""

import json
from typing import Any

import pytest

from local import samples
from tests.handlers import steps
from tests.handlers.calls import Json, invoke, request, send
from tests.handlers.steps import FORKLIFT

ANYONE = samples.attendance(FORKLIFT)[0]["personnelId"]
MISSING = object()

TAKEN_IDS = {
    "eight more": "c12345678",
    "upper-case C": "CM3JV40UO",
    "punctuation": "c!\"#$%&'()*+,./:;<=>?@[\\]^_`{|}~",
    "letters of any script": "cåß中жעم१a",
    "next line, no white space in JavaScript": "c1234\x855678",
    "zero width space, no white space either": "c1234\u200b5678",
    "Mongolian vowel separator, no longer one": "c1234\u180e5678",
}
REFUSED_IDS = {
    "seven more": "c1234567",
    "c alone": "c",
    "empty": "",
    "another letter": "k12345678",
    "leading space": " c12345678",
    "hyphen": "c1234-5678",
    "hyphen at the end": "c12345678-",
    "newline at the end": "c12345678\n",
    "number": 12345678,
    "null": None,
    "boolean": True,
    "list": ["c12345678"],
    **{
        f"white space {ord(space):04x}": f"c1234{space}5678"
        for space in "\t\n\v\f\r \xa0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
    },
}
BAD_FIELDS = [
    ("personnelId", MISSING),
    ("isPresent", MISSING),
    ("isPresent", None),
    ("isPresent", "true"),
    ("isPresent", 1),
    ("hasPassed", MISSING),
    ("hasPassed", None),
    ("hasPassed", "false"),
    ("hasPassed", 0),
    ("remarks", None),
    ("remarks", 5),
    ("remarks", ["late"]),
]
BAD_BODIES: dict[str, tuple[object, str]] = {
    "nothing": (None, ""),
    "empty": ("", ""),
    "not JSON": ("attendees", ""),
    "cut off": ('{"attendees": [', ""),
    "more than JSON": ('{"attendees": []} and so on', ""),
    "not UTF-8": (b'{"attendees": ["\xff"]}', ""),
    "null": ("null", ""),
    "list": ([], ""),
    "text": ('"attendees"', ""),
    "number": (7, ""),
    "no attendees": ({}, "/attendees"),
    "attendees null": ({"attendees": None}, "/attendees"),
    "attendees one object": ({"attendees": {}}, "/attendees"),
    "attendees text": ({"attendees": "all"}, "/attendees"),
    "the last of two counts": ('{"attendees": [], "attendees": 1}', "/attendees"),
    "row null": ({"attendees": [None]}, "/attendees/0"),
    "row text": ({"attendees": [ANYONE]}, "/attendees/0"),
    "row list": ({"attendees": [[]]}, "/attendees/0"),
    "keys in snake case": ({"attendees": [{"personnel_id": ANYONE}]}, "/attendees/0/personnelId"),
}


def a_row(**fields: Any) -> Json:  # noqa: ANN401 - any JSON
    """Return a good row with these *fields* changed, or missing."""
    row = {"personnelId": ANYONE, "isPresent": True, "hasPassed": True, **fields}
    return {name: value for name, value in row.items() if value is not MISSING}


@pytest.mark.usefixtures("stack")
def test_body_takes_every_id_that_zod_takes() -> None:
    """A cuid is a c or C and eight characters more, neither white space nor a hyphen."""
    steps.enrol(ANYONE)
    rows = [a_row(personnelId=cuid) for cuid in TAKEN_IDS.values()]

    answer = send("save_attendance", body={"attendees": rows})

    # A roster takes fewer (decision 0033), so these people are on none: nothing is wrong with the
    # ids as such.
    assert (answer.status, answer.slug) == (400, "unknown-attendees")
    assert len(answer.pointers) == len(TAKEN_IDS)


@pytest.mark.usefixtures("stack")
def test_body_marks_people_by_every_id_that_a_roster_takes() -> None:
    """Whoever can be enrolled can be marked."""
    ids = ["c12345678", "CM3JV40UO", "c1234567.~_"]
    steps.enrol(*ids)

    answer = send("save_attendance", body={"attendees": [a_row(personnelId=id_) for id_ in ids]})

    assert (answer.status, answer.body["updated"]) == (200, len(ids))


@pytest.mark.parametrize("value", REFUSED_IDS.values(), ids=REFUSED_IDS)
def test_body_refuses_every_id_that_zod_refuses(value: object) -> None:
    """A bad id is pointed to before anything is looked up."""
    answer = send("save_attendance", body={"attendees": [a_row(personnelId=value)]})

    assert (answer.status, answer.pointers) == (400, ["/attendees/0/personnelId"])


@pytest.mark.parametrize(("field", "value"), BAD_FIELDS)
def test_body_refuses_a_bad_field(field: str, value: object) -> None:
    """Types are strict: a text is no boolean, and remarks may be missing but not null."""
    answer = send("save_attendance", body={"attendees": [a_row(**{field: value})]})

    assert (answer.status, answer.slug) == (400, "invalid-request")
    assert answer.pointers == [f"/attendees/0/{field}"]


@pytest.mark.parametrize(("body", "pointer"), BAD_BODIES.values(), ids=BAD_BODIES)
def test_body_refuses_what_is_no_list_of_marks(body: object, pointer: str) -> None:
    """The first fault in the body's structure is pointed to."""
    answer = send("save_attendance", body=body)

    assert answer.status == 400
    assert answer.pointers[0] == pointer


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"remarks": ""},
        {"remarks": "Lädt schief; 再試験 🙂\n\tline two"},
        {"isPresent": False, "hasPassed": False},
        {"jobTitle": "Rigger", "personnel_id": None, "revision": -1},
    ],
)
def test_body_takes_a_good_row(fields: Json) -> None:
    """Remarks are optional, and unknown keys with any value are ignored."""
    steps.enter()

    answer = send("save_attendance", body={"attendees": [a_row(**fields)], "comment": None})

    assert answer.status == 200
    assert answer.body == {"updated": 1, "version": 2}


@pytest.mark.usefixtures("stack")
def test_body_takes_an_empty_list() -> None:
    """An empty list changes nothing: the version stays, and so does every view of it."""
    steps.enter()

    answer = send("save_attendance", body={"attendees": []})

    assert answer.body == {"updated": 0, "version": 1}


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize("encoded", [False, True])
def test_body_is_read_however_the_gateway_passes_it(*, encoded: bool) -> None:
    """API Gateway passes a body as text, or as base64 if it takes it for binary."""
    steps.enter()
    text = json.dumps({"attendees": [a_row()]})

    answer = send("save_attendance", body=text.encode() if encoded else text)

    assert answer.status == 200


def test_body_names_all_bad_fields_at_once() -> None:
    """A client can correct all faults after one answer."""
    answer = send("save_attendance", "bad_fields")

    assert answer.pointers == [
        "/attendees/0/isPresent",
        "/attendees/1/personnelId",
        "/attendees/2/hasPassed",
        "/attendees/2/remarks",
    ]
    assert all(fault["detail"] for fault in answer.body["errors"])


def test_body_refuses_a_person_marked_twice() -> None:
    """It would be chance which mark counts, even if both are equal."""
    answer = send("save_attendance", body={"attendees": [a_row(), a_row(isPresent=False), a_row()]})

    assert answer.status == 400
    assert answer.pointers == ["/attendees/1/personnelId", "/attendees/2/personnelId"]


def test_body_refuses_more_people_than_a_session_has() -> None:
    """A session has 10,000 people at most, so a longer list is a mistake."""
    rows = [a_row(personnelId=f"c{number:08}") for number in range(10_001)]

    answer = send("save_attendance", body={"attendees": rows})

    assert (answer.status, answer.pointers) == (400, ["/attendees"])


def test_body_refuses_remarks_that_fit_no_transaction() -> None:
    """Ninety-nine remarks must fit one transaction, so each has 5,000 characters at most."""
    answer = send("save_attendance", body={"attendees": [a_row(remarks="x" * 5_001)]})

    assert (answer.status, answer.pointers) == (400, ["/attendees/0/remarks"])


@pytest.mark.usefixtures("stack")
def test_body_full_of_faults_gets_a_refusal_that_a_lambda_can_return() -> None:
    """Ids of any length and number are not echoed in full (a Lambda returns 6,291,556 bytes)."""
    steps.enter()
    quotes = '"' * 500_000
    rows = [a_row(personnelId=f"c{quotes}{number}") for number in range(5)]
    rows += [a_row(personnelId=f"c{quotes[:60]}{number:04}") for number in range(1_000)]
    event = request("save_attendance", body={"attendees": rows})

    result = invoke("save_attendance", event)

    problem = json.loads(result["body"])
    assert (problem["errorCount"], len(problem["errors"])) == (1_005, 100)
    assert len(json.dumps(result)) < 200_000
