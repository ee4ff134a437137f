"""Names in the printed summary: in their own letters, in their own direction, and whole."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream

from functions.seal_session.pdf import BOLD, Pdf

MARHABA = "محمد"
SCRIPTS = {
    "Arabic": "عبد الله",
    "Hebrew": "שרה כהן",
    "Thai": "สมชาย",
    "Lao": "ສົມຈິດ",
    "Khmer": "សុខា",
    "Myanmar": "အောင်",
    "Devanagari": "राम",
    "Bengali": "ঢাকা",
    "Gurmukhi": "ਗੁਰ",
    "Gujarati": "રમેશ",
    "Tamil": "தமிழ்",
    "Telugu": "రవి",
    "Kannada": "ರವಿ",
    "Malayalam": "രവി",
    "Sinhala": "සමන්",
    "Ethiopic": "ሰላም",
    "Chinese": "李小龍",
    "Japanese": "山田 たろう",
    "Korean": "김철수",
    "Greek": "Ελένη",
    "Cyrillic": "Ольга",
    "Armenian": "Արամ",
    "Georgian": "გიორგი",
    "Vietnamese": "Nguyễn",
}


def printed(*lines: tuple[str, ...], **options: Any) -> PdfReader:  # noqa: ANN401 - as `Pdf.line`
    """Print lines, and return the PDF."""
    pdf = Pdf("Title", "Subject", "Footer")
    for parts in lines:
        pdf.line(*parts, **options)
    return PdfReader(BytesIO(pdf.finish()))


def drawn(page: PageObject) -> Iterator[tuple[str, int, str]]:
    """Yield font, glyph and letter of what stands on a page, from left to right in each line."""
    fonts: Any = page["/Resources"]["/Font"]  # type: ignore[index]
    letters = {name: _letters(font.get_object()) for name, font in fonts.items()}
    font = ""
    for operands, operator in ContentStream(page["/Contents"], page.pdf).operations:
        if operator == b"Tf":
            font = operands[0]
        elif operator == b"Tj":
            codes = operands[0].original_bytes
            for at in range(0, len(codes), 2):
                glyph = int.from_bytes(codes[at : at + 2], "big")
                yield font, glyph, letters[font].get(glyph, "?")


def _letters(font: Any) -> dict[int, str]:  # noqa: ANN401 - pypdf's dictionaries
    """Return the letters that the glyphs of a font stand for, which is what a search finds."""
    pairs = re.findall(r"<(\w{4})> <(\w+)>\n", font["/ToUnicode"].get_data().decode())
    return {int(code, 16): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs}


def seen(*parts: str) -> str:
    """Return what a line shows, letter by letter from the left."""
    text = "".join(letter for _, _, letter in drawn(printed(parts).pages[0]))
    return text.partition("Footer")[0]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("שרה כהן", "ןהכ הרש"),
        ("שרה 12", "12 הרש"),
        ("Sara שרה B.", "Sara הרש B."),
        (MARHABA, MARHABA[::-1]),
        ("\u202eanA\u202c", "Ana"),
    ],
)
def test_name_is_printed_in_its_own_direction(name: str, shown: str) -> None:
    """A name that is written from right to left is printed so, and its numbers are not."""
    plain = "".join(letter for letter in seen(name) if letter not in "\u202e\u202c")

    assert plain == shown


@pytest.mark.parametrize("name", ["\u202eAna", "\u2067Ana", "\u2068Ana", "שרה", "\u2069Ana\u202e"])
def test_name_turns_nothing_beside_it(name: str) -> None:
    """What stands before and after it in the line stays in its place and its direction."""
    shown = seen("by", name, "at 10:00 (UTC)")

    assert shown.startswith("by")
    assert shown.endswith("at 10:00 (UTC)")


def test_arabic_letters_are_joined() -> None:
    """A letter has another form at the beginning of a word than within it."""
    glyphs = [glyph for _, glyph, letter in drawn(printed((MARHABA,)).pages[0]) if letter == "م"]

    assert len(set(glyphs)) == 2


@pytest.mark.parametrize("font", ["", BOLD])
def test_names_of_all_scripts_are_printed_in_their_letters(font: str) -> None:
    """No letter is an empty box, and each printed name can be searched for."""
    page = printed(*((name,) for name in SCRIPTS.values()), font=font).pages[0]

    text = page.extract_text()
    lacking = {script: set(name) - {*text, " "} for script, name in SCRIPTS.items()}
    assert not any(lacking.values()), lacking
    assert 0 not in {glyph for _, glyph, _ in drawn(page)}


def test_name_that_looks_like_a_command_is_printed() -> None:
    """The library would put the number of pages in its place."""
    assert seen("{nb}", "**x**") == "{nb}**x**"


@pytest.mark.parametrize(
    "name", ["李" * 250, "Ana " * 60, "كريم " * 50, "x" * 290], ids=["李", "Ana", "كريم", "x"]
)
def test_name_of_any_length_is_printed_whole(name: str) -> None:
    """What does not fit a line or a column continues in the next."""
    pdf = Pdf("Title", "Subject", "Footer")
    pdf.row(name, "Scaffolder", "PASSED", "2027-03-10", "TRAINING")
    pdf.line("Trainer:", name)

    (page,) = PdfReader(BytesIO(pdf.finish())).pages
    text = page.extract_text()

    assert text.count(name[0]) >= 2 * name.count(name[0])


def test_summary_of_equal_names_has_equal_bytes() -> None:
    """Whoever asks twice can compare."""

    def made() -> bytes:
        pdf = Pdf("Title", "Subject", "Footer")
        pdf.line("שרה", "สมชาย", "Ana")
        return pdf.finish()

    assert made() == made()


def test_what_follows_a_name_in_another_script_keeps_its_own_letters() -> None:
    """Each font numbers its letters by itself: in the wrong one a text is another text."""
    pdf = Pdf("Title", "Subject", "Footer")
    pdf.begin_table("name", "job title", "result", "valid through", "record")
    pdf.row("สมชาย", "Scaffolder", "passed", "2027-03-10", "training", note="cmhr3zq8x")
    pdf.row("สมชาย", "Rigger", "passed", "2027-03-10", "training")

    text = PdfReader(BytesIO(pdf.finish())).pages[0].extract_text()

    assert text.count("passed") == 2
    assert {"Scaffolder", "Rigger", "cmhr3zq8x"} <= set(
        re.findall("[a-z0-9]+", text, re.IGNORECASE)
    )


@pytest.mark.parametrize(
    "text",
    ["\U0001f600" * 2_000, "\U000e0100" * 1_500, "\x07 \x08", "\u0300" * 100, "\ufdfd" * 9, " "],
    ids=["emoji", "selectors", "controls", "marks alone", "one letter as wide as ten", "blank"],
)
def test_text_of_any_letters_is_drawn(text: str) -> None:
    """A text that the library gives up on would leave its session without a summary for good."""
    pdf = Pdf("Title", "Subject", "Footer")
    pdf.line("remarks:", text)
    pdf.row(text[:300], text[:300], "passed", "", "")

    assert len(PdfReader(BytesIO(pdf.finish())).pages) >= 1
