"""Answers that AWS gives and no emulator does."""

import json
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from tests.faults.wire import Call, Json


class _Body(BytesIO):
    """A body that botocore can read in one piece or as a stream."""

    def stream(self, amt: int | None = None, **_: object) -> Iterator[bytes]:
        """Yield the rest."""
        while chunk := self.read(amt or -1):
            yield chunk


def answer(call: Call, body: Json, status: int = 200) -> AWSResponse:
    """Answer a call of a JSON service."""
    return _response(call, json.dumps(body).encode(), status)


def refusal(call: Call, code: str, status: int = 400, **fields: Any) -> AWSResponse:  # noqa: ANN401
    """Refuse a call in the format of its service."""
    if call.operation.startswith("s3."):
        text = "" if call.request.method == "HEAD" else f"<Error><Code>{code}</Code></Error>"
        return _response(call, text.encode(), status)
    return answer(call, {"__type": f"com.amazonaws#{code}", "message": code, **fields}, status)


def cancellation(call: Call, code: str) -> AWSResponse:
    """Cancel a transaction because of its last action; reasons are in the order of the actions."""
    others: list[Json] = [{"Code": "None"}] * (len(call.body["TransactItems"]) - 1)
    return refusal(
        call,
        "TransactionCanceledException",
        CancellationReasons=[*others, {"Code": code, "Message": code}],
    )


def error_page(call: Call) -> AWSResponse:
    """Answer as a proxy that does not reach AWS."""
    return _response(call, b"<html><body>502 Bad Gateway</body></html>", 502)


def barely_written(call: Call) -> AWSResponse:
    """Write the first item of a batch, and hand back all others."""
    ((table, items),) = call.body["RequestItems"].items()
    call.carried(call.body | {"RequestItems": {table: items[:1]}})
    return answer(call, {"UnprocessedItems": {table: items[1:]} if items[1:] else {}})


def half_read(call: Call) -> AWSResponse:
    """Read one half of a batch, and hand back the keys of the other."""
    ((table, wanted),) = call.body["RequestItems"].items()
    keys = wanted["Keys"]
    half = (len(keys) + 1) // 2
    done = call.carried(call.body | {"RequestItems": {table: wanted | {"Keys": keys[:half]}}})
    rest = {table: wanted | {"Keys": keys[half:]}} if keys[half:] else {}
    return answer(call, json.loads(done.content) | {"UnprocessedKeys": rest})


def half_taken(call: Call) -> AWSResponse:
    """Let the bus accept one half of the events, rounded down, and refuse the others one by one."""
    entries = call.body["Entries"]
    half = len(entries) // 2
    results: list[Json] = []
    if half:
        results += json.loads(call.carried(call.body | {"Entries": entries[:half]}).content)[
            "Entries"
        ]
    refused = [{"ErrorCode": "ThrottlingException", "ErrorMessage": "slow"}] * len(entries[half:])
    return answer(call, {"FailedEntryCount": len(refused), "Entries": [*results, *refused]})


def cut_short(call: Call) -> AWSResponse:
    """Break the connection in the middle of a file."""
    whole = call.carried()
    data = whole.content
    return AWSResponse(whole.url, 200, _headers(whole.headers), _Body(data[: len(data) // 2]))


def _response(call: Call, body: bytes, status: int) -> AWSResponse:
    headers = _headers({"content-length": str(len(body)), "x-amzn-requestid": "made-up"})
    return AWSResponse(call.request.url, status, headers, _Body(body))


def _headers(values: Mapping[str, str]) -> HTTPHeaders:
    headers = HTTPHeaders()
    for name, value in values.items():
        headers[name] = value
    return headers
