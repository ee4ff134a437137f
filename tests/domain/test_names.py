"""What may be a name."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.names import isolated, name_fault

# What Unicode calls Default_Ignorable_Code_Point: characters that are drawn as nothing.
IGNORABLE = [
    *(0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0),
    *range(0x180B, 0x1810),
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    *range(0xFE00, 0xFE10),
    *range(0xFFF0, 0xFFF9),
    *range(0x1BCA0, 0x1BCA4),
    *range(0x1D173, 0x1D17B),
    *range(0xE0000, 0xE0100),
    *range(0xE0100, 0xE01F0),
]
CONTROLS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)]
NAMES = [
    *("Ana Costa", "O\u2019Neill", "Łukasz Żółć", "שרה כהן", "محمد", "สมชาย", "李小龍", "राम"),
    # A joiner is a part of spelling, an override a part of what people paste.
    *("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "क्\u200dष"),
    *("\u202eAna\u202c", "\u2067שרה\u2069 B."),
    *("?", "-", "4", "§", "\N{THUMBS UP SIGN}\ufe0f", "A\u0301", "\u3164A"),
]


@pytest.mark.parametrize("name", NAMES)
def test_name_of_any_script_is_a_name(name: str) -> None:
    """Whoever writes a name decides how it is spelled."""
    assert name_fault(name) is None


@pytest.mark.parametrize("code", IGNORABLE, ids=hex)
def test_name_of_what_is_not_drawn_is_none(code: int) -> None:
    """In a list it would be an empty row, and nobody could say who it is."""
    assert name_fault(chr(code)) == "There is nothing in it that can be seen"


@pytest.mark.parametrize(
    "text", ["", " ", "\u3000\xa0", "\u2800", "\U0001d159", "\u0301", "\ue000"]
)
def test_name_of_blanks_or_of_marks_alone_is_none(text: str) -> None:
    """A blank shows nothing, an accent needs a letter, a private character shows to no one else."""
    assert name_fault(f"{text}\u200b{text}") == "There is nothing in it that can be seen"


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: f"U+{ord(control):04X}")
def test_name_has_no_control_character(control: str) -> None:
    """It would break a line of a list, a log or a file, and nobody would see why."""
    assert "cannot be seen" in str(name_fault(f"A{control}B"))


def test_name_has_no_half_of_a_character() -> None:
    """It could not be written to anything."""
    assert "cannot be seen" in str(name_fault("A\ud800"))


@given(st.text(max_size=8))
def test_name_shows_something_in_every_case(text: str) -> None:
    """Without its marks, blanks and controls something is left of it."""
    left = [letter for letter in text if unicodedata.category(letter)[0] not in "CZM"]

    if name_fault(text) is None:
        assert left


@pytest.mark.parametrize("name", ["Ana Costa", "O\u2019Neill", "สมชาย", "李小龍", "", "Å 4"])
def test_isolated_name_without_a_direction_is_itself(name: str) -> None:
    """Nearly every name stands in a sentence as it is."""
    assert isolated(name) == name


@pytest.mark.parametrize(
    ("name", "enclosed"),
    [
        ("שרה", "\u2068שרה\u2069"),
        ("Ana \u0645", "\u2068Ana \u0645\u2069"),
        ("\u202eAna", "\u2068\u202eAna\u2069"),
        ("\u2069\u2067Ana\u2069", "\u2068Ana\u2069"),
    ],
)
def test_isolated_name_turns_nothing_beside_it(name: str, enclosed: str) -> None:
    """What it turns ends with it, and it cannot end what encloses it."""
    assert isolated(name) == enclosed
