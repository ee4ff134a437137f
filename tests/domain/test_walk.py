"""Visiting many items: an error of one does not stop the others."""

import pytest

from shared.application.walk import Walk, raise_failures, walk

BAD = ValueError("bad")


def visit(item: str) -> str:
    """Fail at one of the items."""
    if item == "bad":
        raise BAD
    return item.upper()


@pytest.mark.parametrize("items", [["bad", "a", "b"], ["a", "bad", "b"], ["a", "b", "bad"]])
def test_walk_goes_on_after_one_that_fails(items: list[str]) -> None:
    """The others are visited, and the error is returned with its item."""
    found = walk(items, visit, lambda: True)

    assert found == Walk((("a", "A"), ("b", "B")), (("bad", BAD),), ())


def test_walk_names_what_it_did_not_reach() -> None:
    """No visit begins once time is over."""
    time = iter([True, True])

    found = walk(["a", "bad", "b", "c"], visit, lambda: next(time, False))

    assert found == Walk((("a", "A"),), (("bad", BAD),), ("b", "c"))


def test_walk_does_not_hide_the_end_of_the_process() -> None:
    """Errors that are not about one item stop the walk."""

    def interrupt(_item: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        walk(["a"], interrupt, lambda: True)


def test_raise_failures_names_every_item() -> None:
    """All failed items are named, each with its error."""
    failures = [("a", ValueError("x")), ("b", KeyError("y"))]

    with pytest.raises(ExceptionGroup, match="could not do a, b") as raised:
        raise_failures("could not do", failures)

    assert list(raised.value.exceptions) == [failure for _, failure in failures]


def test_raise_failures_of_none_raises_nothing() -> None:
    """Without failures nothing is raised."""
    raise_failures("could not do", [])
