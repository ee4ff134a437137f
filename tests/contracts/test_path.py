"""The ids in an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.path import PathId, ids_of
from shared.domain.errors import InvalidRequest

SESSION = ids_of("/sessions/<session_id>")["session_id"]
COURSE = ids_of("/courses/<course_id>")["course_id"]
PERSON = ids_of("/personnel/<personnel_id>")["personnel_id"]


def test_ids_of_a_path_are_those_it_names() -> None:
    """The parameters of a path are its ids; most have one, that of the list has none."""
    kinds = ids_of("/courses/<course_id>/sessions/<session_id>")

    assert kinds == {"course_id": COURSE, "session_id": SESSION}
    assert ids_of("/sessions") == {}


@pytest.mark.parametrize("path", ["/shoes/<shoe_id>", "/sessions/<sessionId>", "/sessions/<>"])
def test_ids_of_no_known_kind_are_refused(path: str) -> None:
    """A route with an id that has no check cannot be declared."""
    with pytest.raises(KeyError):
        ids_of(path)


@given(st.text())
def test_path_id_is_plain_or_refused(text: str) -> None:
    """An accepted id has no letter with a meaning in addresses, keys or logs."""
    try:
        SESSION.require(text)
    except InvalidRequest:
        return

    assert text.isascii()
    assert 1 <= len(text) <= 64
    assert not set(text) & set("/\\.%?#&= \n")


@pytest.mark.parametrize("text", ["a", "0", "working-at-height_2026", "A" * 64])
def test_path_id_takes_what_others_name_sessions(text: str) -> None:
    """Slugs, numbers and UUIDs are all ids."""
    assert SESSION.is_valid(text)


@pytest.mark.parametrize("kind", [SESSION, COURSE])
@pytest.mark.parametrize("text", ["", "-a", "_a", "a b", "a/b", "a.b", "ä", "a\n", "A" * 65])
def test_path_id_names_what_is_wrong(kind: PathId, text: str) -> None:
    """The refusal names the id as the API's documentation does."""
    with pytest.raises(InvalidRequest, match=kind.name):
        kind.require(text)


@pytest.mark.parametrize("text", ["c12345678", "cm3aehuybwkxusi4jqjxv3rhk", "C" * 255])
def test_path_id_of_a_person_takes_who_can_be_enrolled(text: str) -> None:
    """A person is asked for by the same id as on a roster."""
    assert PERSON.is_valid(text)


@pytest.mark.parametrize(
    "text", ["", "c1234567", "k12345678", "c1234-5678", "c" * 256, "c12345678\n"]
)
def test_path_id_of_a_person_refuses_who_cannot_be_enrolled(text: str) -> None:
    """No person can have such an id, so nothing is looked up."""
    with pytest.raises(InvalidRequest, match="personnelId"):
        PERSON.require(text)
