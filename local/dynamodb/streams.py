"""
Brings the changes in AWS's engine to the functions that follow a table: MiniStack's Lambda knows
only the streams of its own tables.

    python -m local.dynamodb.streams <file of the stack>

As Lambda does: in order, again if it fails, from the first record that failed. What it does not do
is halve a batch, or keep in a queue what was given up; that is MiniStack's part.
"""

import json
import logging
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local.dynamodb.mapping import Json, Mapping, left_to_do
from local.stack import Stack

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient
    from mypy_boto3_lambda import LambdaClient

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.2
RETRY_SECONDS = 1
# The longest time-out that Lambda allows.
ANSWER_SECONDS = 900


def main(file: Path) -> None:
    """Follow every stream of the stack that *file* describes, until the process is stopped."""
    stack = Stack.read(file)
    session = stack.session()
    lambda_ = session.client(
        "lambda",
        endpoint_url=stack.endpoint,
        config=Config(read_timeout=ANSWER_SECONDS, retries={"total_max_attempts": 1}),
    )
    url = stack.endpoint_of("dynamodb")
    dynamodb = session.client("dynamodb", endpoint_url=url)
    streams = session.client("dynamodbstreams", endpoint_url=url)
    for mapping in stream_mappings(lambda_):
        Thread(target=Follower(mapping, dynamodb, streams, lambda_).follow).start()


def stream_mappings(lambda_: "LambdaClient") -> list[Mapping]:
    """Return the deployed mappings of tables' streams."""
    pages = lambda_.get_paginator("list_event_source_mappings").paginate()
    deployed = (mapping for page in pages for mapping in page["EventSourceMappings"])
    return [Mapping.of(each) for each in deployed if ":dynamodb:" in each["EventSourceArn"]]


class Follower:
    """Follows one mapping."""

    def __init__(
        self,
        mapping: Mapping,
        dynamodb: "DynamoDBClient",
        streams: "DynamoDBStreamsClient",
        lambda_: "LambdaClient",
    ) -> None:
        self._mapping = mapping
        self._dynamodb = dynamodb
        self._streams = streams
        self._lambda = lambda_

    def follow(self) -> None:
        """Deliver every change from the first on; after a failure of the engine, all once more."""
        while True:
            try:
                for records in self._batches():
                    self._deliver(self._mapping.wanted(records))
            except (BotoCoreError, ClientError):
                logger.exception("could not follow %s", self._mapping.table)
            time.sleep(RETRY_SECONDS)

    def _batches(self) -> Iterator[list[Json]]:
        table = self._dynamodb.describe_table(TableName=self._mapping.table)["Table"]
        arn = table["LatestStreamArn"]
        done: set[str] = set()
        while True:
            shards = self._streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
            for shard in (each["ShardId"] for each in shards):
                if shard not in done:
                    yield from self._read(arn, shard)
                    done.add(shard)
            time.sleep(POLL_SECONDS)

    def _read(self, arn: str, shard: str) -> Iterator[list[Json]]:
        """Give the records of one shard until it is closed, which the engine does after hours."""
        begun = self._streams.get_shard_iterator(
            StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
        )
        position = begun.get("ShardIterator")
        while position:
            page = self._streams.get_records(ShardIterator=position, Limit=self._mapping.batch)
            position = page.get("NextShardIterator")
            if page["Records"]:
                yield [self._told(record) for record in page["Records"]]
            if len(page["Records"]) < self._mapping.batch:
                time.sleep(self._mapping.window or POLL_SECONDS)

    def _told(self, record: Any) -> Json:  # noqa: ANN401 - the stubs' type is closed
        """Return a record as Lambda hands it on."""
        return {**record, "eventSourceARN": self._mapping.source}

    def _deliver(self, records: Sequence[Json]) -> None:
        for attempt in count(1):
            if not records:
                return
            records = self._left_after_a_try(records)
            if records and attempt == self._mapping.tries:
                logger.error("gave up %d records of %s", len(records), self._mapping.table)
                return
            if records:
                time.sleep(RETRY_SECONDS)

    def _left_after_a_try(self, records: Sequence[Json]) -> Sequence[Json]:
        answer = self._lambda.invoke(
            FunctionName=self._mapping.function,
            Payload=json.dumps({"Records": records}, default=_seconds),
        )
        said = json.load(answer["Payload"])
        if answer.get("FunctionError"):
            logger.error("%s failed: %s", self._mapping.function, said)
            return records
        return left_to_do(records, said or {})


def _seconds(moment: datetime) -> float:
    return moment.timestamp()


if __name__ == "__main__":
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO)
    main(Path(sys.argv[1]))
