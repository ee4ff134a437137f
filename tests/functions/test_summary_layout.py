"""How the summary is laid out: whose is what, wherever a page ends."""

from io import BytesIO

import pytest
from pypdf import PageObject, PdfReader

from functions.seal_session.pdf import Pdf
from tests.functions.drawn import a_pdf, lines, rules

HEADS = ("name", "job title", "result", "valid through", "record")
CELLS = ("Scaffolder", "passed", "2027-03-10", "training")
LONG = "word " * 1_500


def finished(pdf: Pdf) -> list[PageObject]:
    """Return the pages."""
    return list(PdfReader(BytesIO(pdf.finish())).pages)


def a_table(lines_above: int, *, people: int = 1, remarks: str = "") -> list[PageObject]:
    """Return the pages of a table after so many lines."""
    pdf = a_pdf()
    for _ in range(lines_above):
        pdf.line("above")
    pdf.begin_table(*HEADS, title="people")
    for number in range(people):
        pdf.row(f"Person{number}", *CELLS, note=f"id{number}", lines_below=1 if remarks else 0)
        if remarks:
            pdf.line("remarks:", remarks, indent=True, continued=(f"Person{number}", "continued"))
    return finished(pdf)


def test_line_stands_between_two_people() -> None:
    """Remarks are nearer to the name above them than to the next one, and a line parts them."""
    (page,) = a_table(0, people=2, remarks="was late")

    places = {line.text: line.y for line in lines(page)}
    last_remark = min(line.y for line in lines(page) if "remarks" in line.text)
    first_remark = max(line.y for line in lines(page) if "remarks" in line.text)
    assert any(places["Person1"] < rule < first_remark for rule in rules(page))
    assert places["id1"] - last_remark < first_remark - places["Person1"]


@pytest.mark.parametrize("lines_above", range(56, 61))
@pytest.mark.parametrize("remarks", ["", "was late"])
def test_head_of_a_table_never_ends_a_page(lines_above: int, remarks: str) -> None:
    """Heading, heads of columns, the first person and the first of the remarks stay together."""
    pages = [page.extract_text() for page in a_table(lines_above, remarks=remarks)]

    for page in pages:
        assert ("people" in page) == ("job title" in page) == ("Person0" in page)
        assert ("was late" in page) == ("Person0" in page and bool(remarks))


@pytest.mark.parametrize("people", range(21, 27))
def test_no_page_has_only_the_heads_of_a_table(people: int) -> None:
    """If the last person ends a page, it is the last page."""
    last = a_table(0, people=people)[-1].extract_text()

    assert f"Person{people - 1}" in last


def test_remarks_that_go_on_say_whose_they_are() -> None:
    """Each page can be laid before a court by itself."""
    pages = [page.extract_text() for page in a_table(0, remarks=LONG)]

    assert len(pages) > 1
    assert "continued" not in pages[0]
    for page in pages[1:]:
        assert page.index("Person0 continued") < page.index("word")


def test_person_of_more_than_a_page_is_named_on_each() -> None:
    """A job title of letters that no font has can take more than a page."""
    pdf = a_pdf()
    pdf.begin_table(*HEADS)
    pdf.row("Ana", "𠮷" * 150, "passed", "", "", note="id1")

    pages = [page.extract_text() for page in finished(pdf)]

    assert len(pages) > 1
    assert all("id1" in page for page in pages)


def test_long_remarks_begin_beside_their_label() -> None:
    """A label alone in a line looks as if nothing had been said."""
    page = a_table(0, remarks="word " * 60)[0].extract_text()

    (labelled,) = (line for line in page.splitlines() if line.startswith("remarks:"))
    assert labelled.count("word") > 10
