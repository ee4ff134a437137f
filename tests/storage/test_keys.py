"""Keys in the bucket: their names are read by people and by other releases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.application.ports.evidence import SheetAddress
from shared.domain.evidence import new_upload_id
from shared.domain.names import IDENTIFIER
from shared.storage.evidence import address_of, folder_of, key_of, stray_note_key
from shared.storage.packs import pack_key
from shared.storage.vault import register_key, report_keys, seal_root

UPLOAD = "20260310T150100000000Z-0000000000000001"
SEGMENTS = st.from_regex(r"[A-Za-z0-9._-]{1,64}", fullmatch=True)


SESSIONS = st.from_regex(IDENTIFIER, fullmatch=True)
TOKENS = st.from_regex(r"[0-9a-f]{16}", fullmatch=True)


@given(
    SESSIONS,
    st.datetimes(timezones=st.just(UTC)).filter(lambda at: at.year > 999),
    TOKENS,
    SEGMENTS,
)
def test_key_reads_back_as_what_it_was_made_of(
    session: str, at: datetime, token: str, name: str
) -> None:
    """The key alone tells the session and the time of the upload."""
    address = SheetAddress(session, new_upload_id(at, token), name)

    assert address_of(key_of(address)) == address
    assert folder_of(key_of(address)) == session


def test_key_says_session_upload_and_name() -> None:
    """Sheets of a session lie together, in the order of their uploads."""
    assert key_of(SheetAddress("s1", "u1", "sheet.pdf")) == "evidence/s1/u1/sheet.pdf"


@pytest.mark.parametrize(
    "key",
    [
        f"evidence/s1/{UPLOAD}/",
        f"evidence/s1//{UPLOAD}/sheet.pdf",
        f"evidence/s1/{UPLOAD}/more/sheet.pdf",
        f"evidence/s1/x{UPLOAD}/sheet.pdf",
        "evidence/s1/zzzz/sheet.pdf",
        "evidence/s1/99991231T235959999999Z-zzzzzzzzzzzzzzzz/sheet.pdf",
        "evidence/s1/sheet.pdf",
        "evidence/s1/more\nlines",
    ],
)
def test_key_in_a_folder_that_names_no_upload_has_no_address(key: str) -> None:
    """An upload id that the product did not make is never used; the folder's session is known."""
    assert address_of(key) is None
    assert folder_of(key) == "s1"


@pytest.mark.parametrize(
    "key",
    [
        "",
        "sheet.pdf",
        "evidence/sheet.pdf",
        f"evidence//{UPLOAD}/sheet.pdf",
        f"evidence/s 1/{UPLOAD}/sheet.pdf",
        f"evidence/{'s' * 65}/{UPLOAD}/sheet.pdf",
        f"/evidence/s1/{UPLOAD}/sheet.pdf",
        f"exports/s1/{UPLOAD}/sheet.pdf",
        f"my-evidence/s1/{UPLOAD}/sheet.pdf",
    ],
)
def test_key_of_another_object_is_none_of_ours(key: str) -> None:
    """Any other object in the bucket is ignored."""
    assert address_of(key) is None
    assert folder_of(key) is None


@given(st.text(max_size=50))
def test_notes_of_stray_objects_have_few_places(key: str) -> None:
    """Nobody can flood a session's folder of notes, and the same object has the same place."""
    places = {f"tampering/s1/{number:02x}.object-stray.json" for number in range(256)}

    assert stray_note_key("s1", key) in places
    assert stray_note_key("s1", key) == stray_note_key("s1", key)


def test_seals_of_a_session_lie_in_its_folder() -> None:
    """The slash keeps out sessions whose ids begin with this one."""
    assert seal_root("sess-1") == "seals/sess-1/"


def test_register_names_sessions_under_their_day() -> None:
    """By the UTC day of the decision, wherever that was made."""
    late = datetime(2026, 3, 9, 1, 2, 3, tzinfo=timezone(timedelta(hours=2)))

    assert register_key("sess-1", late) == "sealed/2026/03/08/sess-1"


def test_reports_lie_under_their_day() -> None:
    """A report is found by its date."""
    keys = report_keys(datetime(2026, 3, 9, 1, 2, 3, tzinfo=UTC))

    assert (keys.report, keys.signature) == (
        "reports/2026/03/09/010203.json",
        "reports/2026/03/09/010203.sig",
    )


def test_pack_lies_under_a_name_that_cannot_be_guessed() -> None:
    """The random token is part of it."""
    assert pack_key("s-1", "fin-1", "token") == "packs/s-1/fin-1/token/audit-pack.zip"
