"""Records the calls of a piece of code to AWS, with the write units that AWS reports for each."""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.httpsession import URLLib3Session

WRITES = {"BatchWriteItem", "DeleteItem", "PutItem", "TransactWriteItems", "UpdateItem"}


@dataclass(frozen=True)
class Call:
    """One request to AWS; *write_units* as AWS reported them, indexes included."""

    operation: str
    began: float
    ended: float
    write_units: float


@contextmanager
def recorded_calls(hold_seconds: float = 0) -> Iterator[list[Call]]:
    """
    Collect the calls of all clients while the block runs.

    Each answer is delayed by *hold_seconds*, so that parallel calls overlap even if the server
    handles them one by one.
    """
    calls: list[Call] = []
    really_send = URLLib3Session.send

    def send(session: URLLib3Session, request: AWSPreparedRequest) -> AWSResponse:
        began = time.monotonic()
        answer = really_send(session, request)
        time.sleep(hold_seconds)
        operation = _operation(request)
        units = _units(json.loads(answer.content)) if operation in WRITES else 0
        calls.append(Call(operation, began, time.monotonic(), units))
        return answer

    with patch.object(URLLib3Session, "send", send):
        yield calls


def depth(calls: Sequence[Call]) -> int:
    """Return the length of the longest chain of calls that each began after the one before."""
    chain, over = 0, 0.0
    for call in sorted(calls, key=lambda call: call.ended):
        if call.began >= over:
            chain, over = chain + 1, call.ended
    return chain


def _operation(request: AWSPreparedRequest) -> str:
    target = request.headers["X-Amz-Target"]
    name = target.decode() if isinstance(target, bytes) else target
    return name.rpartition(".")[2]


def _units(body: dict[str, Any]) -> float:
    """Add up the write units of an answer, which names one table or several."""
    consumed = body["ConsumedCapacity"]
    tables = consumed if isinstance(consumed, list) else [consumed]
    return float(sum(table["CapacityUnits"] for table in tables))
