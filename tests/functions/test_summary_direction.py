"""The order of letters on paper, held against another implementation of UAX 9."""

import pytest
from bidi import get_display  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from functions.seal_session.direction import levels_of, on_paper

# Letters from left and from right, digits of both kinds, brackets, signs between digits, marks.
ORDINARY = "abאב\u0628\u062712\u0667\u0668 ()[]-,.:%+/\u0301\u064e"
TURNING = "aא\u06281\u0667 -,\u202a\u202b\u202c\u202d\u202e"
ENCLOSING = "aא\u06281\u0667 -,\u2066\u2067\u2068\u2069"
UNSEEN = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def shown(text: str) -> str:
    """Return what stands on paper, letter by letter from the left."""
    levels = levels_of(text, base_of=text)
    letters = [
        text[index]
        for run in on_paper(levels)
        for index in (reversed(run) if levels[run[0]] % 2 else run)
    ]
    return "".join(letters).translate(UNSEEN)


@given(
    st.text(ORDINARY, max_size=30) | st.text(TURNING, max_size=15) | st.text(ENCLOSING, max_size=15)
)
def test_letters_stand_where_another_implementation_puts_them(text: str) -> None:
    """Numbers within Arabic, brackets around Hebrew, two scripts in one address."""
    # A line has no blank at its end.
    line = f"{text}."

    on_the_page = shown(line)

    assert on_the_page == get_display(line).translate(UNSEEN)


@pytest.mark.parametrize(
    ("text", "on_the_page"),
    [
        ("Kraków שער 12 בית 5", "Kraków 5 תיב 12 רעש"),
        ("מחסן \u0667", "\u0667 ןסחמ"),
        ("Ali שרה (7)", "Ali )7( הרש"),
        ("a\u2067(ב) c\u2069d", "ac )ב(d"),
        ("\u202eanA\u202c", "Ana"),
    ],
)
def test_address_reads_as_it_was_written(text: str, on_the_page: str) -> None:
    """Whoever reads from the right meets the street before the house. Brackets are turned later."""
    assert shown(text) == on_the_page


def test_direction_of_a_text_is_that_of_its_letters_as_written() -> None:
    """What stands for a letter that cannot be printed turns nothing."""
    assert levels_of("\u2066[U+1E900]\u2069 1", base_of="\U0001e900 1")[-1] == 2
