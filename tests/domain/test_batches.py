"""Batches that a service takes in one piece."""

import pytest

from shared.domain.batches import batches_within


@pytest.mark.parametrize(
    ("sizes", "batches"),
    [
        ([], []),
        ([1, 1, 1], [[1, 1, 1]]),
        ([1, 1, 1, 1], [[1, 1, 1], [1]]),
        ([6, 4, 1], [[6, 4], [1]]),
        ([6, 5], [[6], [5]]),
        ([1, 11, 1], [[1], [11], [1]]),
    ],
)
def test_batches_are_as_large_as_both_bounds_allow(
    sizes: list[int], batches: list[list[int]]
) -> None:
    """Three at most, of ten bytes at most together; what is larger goes alone, and none is lost."""
    assert [*batches_within(sizes, lambda size: size, most_items=3, most_bytes=10)] == batches
