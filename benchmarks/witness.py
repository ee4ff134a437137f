"""
What the witness costs: `python -m benchmarks.witness [--write docs/performance.md]`.

Each change is made on tables without streams and on tables with them. The requests must be the same
to the call and to the unit; what the streams then tell is given to the witness, and its objects are
counted.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from benchmarks.call_recorder import recorded_calls
from benchmarks.report import machine, renew
from benchmarks.server import Server, a_session, running_server
from benchmarks.strategies import OURS
from functions.save_attendance.use_case import Draft, save_attendance
from functions.upload_evidence.use_case import Promise, permit_upload
from functions.witness_changes.stream import changes_in
from functions.witness_changes.use_case import witness_changes
from shared.domain.audit import Action
from shared.runtime.wiring import wiring
from shared.storage.witness import VaultWitness
from testing import builders
from testing.environment import ENVIRONMENT
from testing.template import as_written, variable_of
from testing.vault import FakeVault

BEGIN, END = "<!-- witnessed -->\n", "<!-- /witnessed -->\n"
HEADS = (
    "Change",
    "Calls",
    "Write units",
    "Calls before",
    "Write units before",
    "Objects",
    "CPU ms",
)


@dataclass(frozen=True)
class Change:
    """A change of a session of so many people."""

    name: str
    people: int
    make: Callable[[Server, str, int], None]


@dataclass(frozen=True)
class Request:
    """What the request of a change costs."""

    calls: int
    write_units: float


@dataclass(frozen=True)
class Witnessing:
    """What the witness did with what the streams told of a change."""

    objects: int
    milliseconds: float


class Notebook:
    """The port of the witness, over a vault in memory: its own work is measured, not the bucket."""

    def __init__(self) -> None:
        self.vault = FakeVault()
        self.witness_book = VaultWitness(self.vault)
        self.retention_years = 10
        self.origin_keys = wiring().origin_keys


class Streams:
    """The tables' streams, from where they were last read."""

    def __init__(self, server: Server) -> None:
        self._client = boto3.client("dynamodbstreams")
        arns = [_enable(server, table) for table in _tables()]
        self._iterators = {arn: self._begin(arn) for arn in arns}

    def news(self) -> Iterator[list[dict[str, Any]]]:
        """Return what each stream told since, as Lambda would hand it over."""
        for arn, iterator in self._iterators.items():
            answer = self._client.get_records(ShardIterator=iterator, Limit=1000)
            self._iterators[arn] = answer["NextShardIterator"]
            yield [_as_delivered(dict(record)) for record in answer["Records"]]

    def _begin(self, arn: str) -> str:
        (shard, *_) = self._client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        iterator: str = self._client.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        return iterator


def _mark(_: Server, session_id: str, people: int) -> None:
    marks = [builders.a_mark(number + 1, has_passed=False) for number in range(people)]
    draft = Draft(session_id, marks, None, builders.a_change())
    save_attendance(draft, wiring().sessions, wiring().pause, lambda: True)


def _mark_one(server: Server, session_id: str, _: int) -> None:
    _mark(server, session_id, 1)


def _announce(_: Server, session_id: str, __: int) -> None:
    promise = Promise(1000, "ab" * 32)
    permit_upload(session_id, builders.an_upload(9), promise, builders.a_change(), wiring())


def _note(_: Server, session_id: str, __: int) -> None:
    wiring().trail.append(session_id, Action.VERIFIED, builders.a_change(), [])


CHANGES = (
    Change("one mark is saved", 97, _mark_one),
    Change("97 marks are saved", 97, _mark),
    Change("a sheet is announced", 97, _announce),
    Change("97 people are finalized", 97, lambda server, name, _: OURS.finalize(server, name)),
    Change("500 people are finalized", 500, lambda server, name, _: OURS.finalize(server, name)),
    Change("a verification is noted", 97, _note),
)


def main() -> int:
    """Measure and show; fail if a request costs more than before."""
    page = _arguments().write
    with running_server() as server:
        before = [_requested(change, a_session(change.people), server) for change in CHANGES]
        streams = Streams(server)
        after = [_witnessed(change, server, streams) for change in CHANGES]
    lines = [_line(*row) for row in zip(CHANGES, before, after, strict=True)]
    table = "\n".join(("| " + " | ".join(HEADS) + " |", "| :-- " + "| --: " * 6 + "|", *lines))
    print(table)
    if page:
        renew(page, BEGIN, END, f"\n{table}\n\n{machine()}.\n")
    dearer = [now for was, (now, _) in zip(before, after, strict=True) if now != was]
    return 1 if dearer else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.witness", description=__doc__)
    parser.add_argument("--write", type=Path, metavar="PAGE", help="renew the table of a page")
    return parser.parse_args()


def _requested(change: Change, session_id: str, server: Server) -> Request:
    with recorded_calls() as calls:
        change.make(server, session_id, change.people)
    return Request(len(calls), sum(call.write_units for call in calls))


def _witnessed(change: Change, server: Server, streams: Streams) -> tuple[Request, Witnessing]:
    session_id = a_session(change.people)
    # The session was put there by hand, and is none of the witness's business.
    list(streams.news())
    return _requested(change, session_id, server), _seen(streams)


def _seen(streams: Streams) -> Witnessing:
    notebook, spent = Notebook(), 0.0
    for records in streams.news():
        began = time.process_time()
        notes = witness_changes(changes_in({"Records": records}), notebook)
        spent += time.process_time() - began
        if notes:
            raise RuntimeError(f"taken for tampering: {notes}")
    return Witnessing(notebook.vault.puts, spent * 1000)


def _enable(server: Server, table: str) -> str:
    described = server.dynamodb.update_table(
        TableName=table,
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    return described["TableDescription"]["LatestStreamArn"]


def _tables() -> list[str]:
    """Return the tables that the template gives a stream."""
    tables = as_written().resources("AWS::DynamoDB::Table").items()
    return [
        ENVIRONMENT[variable_of(name)] for name, table in tables if "StreamSpecification" in table
    ]


def _as_delivered(record: dict[str, Any]) -> dict[str, Any]:
    told = record["dynamodb"]
    at = told["ApproximateCreationDateTime"].timestamp()
    return record | {"dynamodb": told | {"ApproximateCreationDateTime": at}}


def _line(change: Change, before: Request, after: tuple[Request, Witnessing]) -> str:
    now, witnessing = after
    cells = (
        change.name,
        f"{now.calls}",
        f"{now.write_units:,.0f}",
        f"{before.calls}",
        f"{before.write_units:,.0f}",
        f"{witnessing.objects}",
        f"{witnessing.milliseconds:.1f}",
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
