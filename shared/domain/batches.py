"""Splitting a list into batches that a service takes in one piece."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def batches_within(
    items: Iterable[T], size_of: Callable[[T], int], *, most_items: int, most_bytes: int
) -> Iterator[list[T]]:
    """
    All of *items* in their order, as many at a time as both bounds allow; one that is larger than
    *most_bytes* is a batch by itself.
    """
    batch: list[T] = []
    left = most_bytes
    for item in items:
        size = size_of(item)
        if batch and (len(batch) == most_items or size > left):
            yield batch
            batch, left = [], most_bytes
        batch.append(item)
        left -= size
    if batch:
        yield batch
