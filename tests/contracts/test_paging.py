"""Pages that fit an answer."""

import pytest

from shared.contracts.paging import PAGE_BYTES, fitting
from shared.contracts.response import PersonResponse


def bodies(*sizes: int) -> list[PersonResponse]:
    """Return bodies of these sizes."""
    empty = len(PersonResponse(id="", name="").json_text())
    return [PersonResponse(id="", name="x" * (size - empty)) for size in sizes]


@pytest.mark.parametrize(
    ("sizes", "count"),
    [
        ([], 0),
        ([100], 1),
        ([100, 100], 2),
        ([PAGE_BYTES], 1),
        ([PAGE_BYTES - 100, 100], 2),
        ([PAGE_BYTES - 100, 101], 1),
        ([PAGE_BYTES + 1, 100], 1),
        ([100, PAGE_BYTES], 1),
    ],
)
def test_page_ends_where_an_answer_does(sizes: list[int], count: int) -> None:
    """As many as fit, and at least one, so that a client that goes on comes to the end."""
    assert fitting(bodies(*sizes)) == count


def test_page_counts_bytes_and_not_characters() -> None:
    """A letter of most scripts has two to four bytes."""
    wide = PersonResponse(id="", name="\u6f22" * (PAGE_BYTES // 3))

    assert fitting([*bodies(100), wide]) == 1
