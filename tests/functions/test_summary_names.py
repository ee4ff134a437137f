"""Names in the printed summary: in their own letters, in their own direction, and whole."""

import re
from io import BytesIO
from itertools import pairwise, product

import pytest
from pypdf import PdfReader

from functions.seal_session.pdf import effort
from functions.seal_session.typefaces import BOLD, PLAIN
from tests.functions.drawn import a_pdf, glyphs, lines, printed

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
    "Tibetan": "བསྟན་འཛིན",
    "Mongolian": "ᠪᠠᠲᠤ",
    "Cherokee": "ᏣᎳᎩ",
    "Odia": "ଜଗନ୍ନାଥ",
    "Thaana": "އަހުމަދު",
    "Syriac": "ܐܦܪܝܡ",
    "Adlam": "𞤀𞤣𞤤𞤢𞤥",
    "Ol Chiki": "ᱥᱟᱱᱛᱟᱲ",
    "Arabic with vowels": "مُحَمَّد",
    "Korean in parts": "\u1112\u1161\u11ab",
}
NUMBERED = {
    "𠮷田": "[U+20BB7]田",
    "𡈽屋": "[U+2123D]屋",
    "\U0001d4d9\U0001d4f8 Smith": "[U+1D4D9][U+1D4F8] Smith",
    "ﷺ": "[U+FDFA]",
    "Ana 👩\u200d👧": "Ana [U+1F469][U+1F467]",
    "Zo\u0350e": "Zo[U+0350]e",
    "\ue000": "[U+E000]",
    "x\u0301\u0302\u0303\u0304" + "\u0300" * 9: "x\u0301\u0302\u0303\u0304[9 times U+0300]",
    "שרה \U0001d4d9 12": "12 [U+1D4D9] הרש",
}
NOTE = "could not be printed"


def seen(*parts: str) -> str:
    """Return what a line shows, letter by letter from the left."""
    text = "".join(letter for _, _, letter in glyphs(printed(parts).pages[0]))
    return text.partition("Footer")[0]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("שרה כהן", "ןהכ הרש"),
        ("שרה 12", "12 הרש"),
        ("Sara שרה B.", "Sara הרש B."),
        (MARHABA, MARHABA[::-1]),
        ("\u202eanA\u202c", "Ana"),
        ("Kraków شارع 12 مبنى 5", "Kraków 5 ىنبم 12 عراش"),
        ("المستودع \u0667", "\u0667 عدوتسملا"),
        ("Ali علي (7)", "Ali )7( يلع"),
        ("a\u2067(ב) c\u2069d", "ac )ב(d"),
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


def test_brackets_open_towards_what_they_enclose() -> None:
    """In writing from the right the picture of a bracket is that of the other one."""
    plain = {letter: glyph for _, glyph, letter in glyphs(printed(("()",)).pages[0])}
    turned = {letter: glyph for _, glyph, letter in glyphs(printed(("(ב)",)).pages[0])}

    assert (turned["("], turned[")"]) == (plain[")"], plain["("])


def test_order_of_letters_goes_on_over_the_end_of_a_line() -> None:
    """A line that begins with a Latin word or a number is still one of an Arabic text."""
    text = " ".join(["שרה", *(f"A{number} רמה" for number in range(60))])

    page = printed((text,)).pages[0]

    shown = "".join(letter for _, _, letter in glyphs(page))
    numbers = [int(number) for number in re.findall(r"A(\d+)", shown)]
    begun = [later for earlier, later in pairwise(numbers) if later > earlier]
    assert len(begun) + 1 == len({line.y for line in lines(page) if "A" in line.text}) > 2
    assert sorted(numbers) == [*range(60)]


def test_arabic_letters_are_joined() -> None:
    """A letter has another form at the beginning of a word than within it."""
    pictures = [glyph for _, glyph, letter in glyphs(printed((MARHABA,)).pages[0]) if letter == "م"]

    assert len(set(pictures)) == 2


def test_names_of_all_scripts_are_printed_in_their_letters() -> None:
    """No letter is an empty box, in headings neither, and each printed name can be searched for."""
    pdf = a_pdf()
    for font, name in product((PLAIN, BOLD), SCRIPTS.values()):
        pdf.line(name, font=font)

    pages = PdfReader(BytesIO(pdf.finish())).pages

    text = "".join(page.extract_text() for page in pages)
    lacking = {script: set(name) - {*text, " "} for script, name in SCRIPTS.items()}
    assert not any(lacking.values()), lacking
    assert 0 not in {glyph for page in pages for _, glyph, _ in glyphs(page)}
    assert NOTE not in text


def test_name_that_looks_like_a_command_is_printed() -> None:
    """The library would put the number of pages in its place."""
    assert seen("{nb}", "**x**") == "{nb}**x**"


@pytest.mark.parametrize(
    "name", ["李" * 250, "Ana " * 60, "كريم " * 50, "x" * 290], ids=["李", "Ana", "كريم", "x"]
)
def test_name_of_any_length_is_printed_whole(name: str) -> None:
    """What does not fit a line or a column continues in the next."""
    pdf = a_pdf()
    pdf.row(name, "Scaffolder", "PASSED", "2027-03-10", "TRAINING")
    pdf.line("Trainer:", name)

    (page,) = PdfReader(BytesIO(pdf.finish())).pages
    text = page.extract_text()

    assert text.count(name[0]) >= 2 * name.count(name[0])


def test_summary_of_equal_names_has_equal_bytes() -> None:
    """Whoever asks twice can compare."""

    def made() -> bytes:
        pdf = a_pdf()
        pdf.line("שרה", "สมชาย", "Ana")
        return pdf.finish()

    assert made() == made()


def test_what_follows_a_name_in_another_script_keeps_its_own_letters() -> None:
    """Each font numbers its letters by itself: in the wrong one a text is another text."""
    pdf = a_pdf()
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
    [
        "\U0001f600" * 2_000,
        "\U000e0100" * 1_500,
        "\x07 \x08",
        "\u0300" * 100,
        "\ufdfd" * 9,
        " ",
        "א" + "." * 1_500 + "א",
        "א" + "\u2067a\u2069" * 700,
        "א" + "\u2067" * 1_500,
        "א" + "\U0001f469" * 900,
    ],
    ids=[
        *("emoji", "selectors", "controls", "marks alone", "one letter as wide as ten", "blank"),
        *("signs", "enclosed", "nested", "numbers"),
    ],
)
def test_text_of_any_letters_is_drawn(text: str) -> None:
    """A text that the library gives up on would leave its session without a summary for good."""
    pdf = a_pdf()
    pdf.line("remarks:", text)
    pdf.row(text[:300], text[:300], "passed", "", "")

    assert len(PdfReader(BytesIO(pdf.finish())).pages) >= 1


def test_letter_without_a_font_is_printed_as_its_number() -> None:
    """A paper that leaves letters out shows the name of somebody else."""
    page = printed(*((name,) for name in NUMBERED)).pages[0]

    text, _, foot = "".join(letter for _, _, letter in glyphs(page)).partition("Footer")
    assert text == "".join(NUMBERED.values())
    assert NOTE in foot


def test_marks_are_drawn_on_their_letters() -> None:
    """A letter and its marks are shaped together; what only chooses a picture is no letter."""
    names = ["Z\u0303oe", "a\u0323\u0302", "か\u3099", "葛\U000e0100城", "رضی\u200cخ"]

    page = printed(*((name,) for name in names)).pages[0]

    text, _, foot = "".join(letter for _, _, letter in glyphs(page)).partition("Footer")
    assert {*text} == {letter for name in names for letter in name if letter != "\U000e0100"}
    assert NOTE not in foot


def test_soft_hyphen_is_no_hyphen() -> None:
    """It says where a line may end, and the name has no hyphen."""
    assert seen("Anne\u00adlie") == "Annelie"


def test_page_explains_numbers_if_there_are_any() -> None:
    """The note stands on the page where somebody wonders, and on no other."""
    pdf = a_pdf()
    for number in range(150):
        pdf.line("𠮷田" if number == 70 else "Ana")

    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf.finish())).pages]

    assert [NOTE in page for page in pages] == [False, True, False]


def test_letters_without_a_font_weigh_more_in_what_is_drawn_in_time() -> None:
    """Each is a number of eight letters, and remarks full of them would take minutes."""
    pdf = a_pdf()

    rare, usual, plain = (pdf.effort(letters * 100) for letters in ("𠮷", "李", "Ana"))
    pdf.finish()

    assert rare > 5 * usual
    assert plain == effort("Ana" * 100)
