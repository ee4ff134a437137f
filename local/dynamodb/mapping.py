"""An event source mapping of a stream: which changes a function gets, and what if it fails."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from mypy_boto3_lambda.type_defs import EventSourceMappingConfigurationTypeDef

Json = dict[str, Any]


@dataclass(frozen=True)
class Mapping:
    """
    The part of a deployed mapping that decides what is delivered.

    *tries* is None if a batch is tried until it succeeds.
    """

    function: str
    source: str
    batch: int
    window: int
    tries: int | None
    patterns: Sequence[Json]

    @classmethod
    def of(cls, deployed: "EventSourceMappingConfigurationTypeDef") -> Self:
        """Read a mapping as Lambda describes it."""
        retries = deployed.get("MaximumRetryAttempts", -1)
        filters = deployed.get("FilterCriteria", {}).get("Filters", [])
        return cls(
            function=deployed["FunctionArn"],
            source=deployed["EventSourceArn"],
            batch=deployed.get("BatchSize", 100),
            window=deployed.get("MaximumBatchingWindowInSeconds", 0),
            tries=retries + 1 if retries >= 0 else None,
            patterns=[json.loads(each["Pattern"]) for each in filters],
        )

    @property
    def table(self) -> str:
        return self.source.split("/")[1]

    def wanted(self, records: Sequence[Json]) -> list[Json]:
        """Return the records that pass one of the filters, or all if there is none."""
        return [
            record
            for record in records
            if not self.patterns or any(_matches(pattern, record) for pattern in self.patterns)
        ]


def left_to_do(records: Sequence[Json], answer: Json) -> Sequence[Json]:
    """Return what a function did not do: all from the first record that it says has failed."""
    failed = set(_failures(answer))
    numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
    first = next((at for at, number in enumerate(numbers) if number in failed), len(records))
    return records[first:]


def _failures(answer: Json) -> Iterator[str]:
    for failure in answer.get("batchItemFailures", []):
        yield failure["itemIdentifier"]


def _matches(pattern: Json, value: Json) -> bool:
    """Apply a filter of the kind that the template has: texts, at any depth, one of which is it."""
    return all(
        _matches(part, value.get(name, {})) if isinstance(part, dict) else value.get(name) in part
        for name, part in pattern.items()
    )
