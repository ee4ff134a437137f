"""Answers of AWS that no emulator gives."""

import json
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any, Protocol, cast

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.hooks import BaseEventHooks

Answer = AWSResponse | Exception


class _Meta(Protocol):
    @property
    def events(self) -> BaseEventHooks: ...


class _Client(Protocol):
    @property
    def meta(self) -> _Meta: ...


class _Body(BytesIO):
    def stream(self) -> list[bytes]:
        return [self.getvalue()]


def reply(client: _Client, operation: str, answer: Callable[[], Answer]) -> None:
    """Let *client* get that answer to every call of *operation*: `s3.HeadObject`, `dynamodb.*`."""

    def instead(**_: object) -> AWSResponse:
        given = answer()
        if isinstance(given, Exception):
            raise given
        return given

    # The stubs' types do not know that such a handler may answer.
    handler = cast(Callable[..., None], instead)
    client.meta.events.register_first(f"before-send.{operation}", handler)


def page(status: int, text: str = "", headers: Mapping[str, str] | None = None) -> AWSResponse:
    """Return what a proxy between us and AWS answers."""
    return AWSResponse(
        "https://aws.test", status, HTTPHeaders.from_dict(dict(headers or {})), _Body(text.encode())
    )


def error(status: int, code: str, **more: Any) -> AWSResponse:  # noqa: ANN401 - JSON
    """Return what DynamoDB says about a request it does not carry out."""
    text = json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", **more})
    return page(status, text, {"content-type": "application/x-amz-json-1.0"})


def cancelled(*reasons: str) -> AWSResponse:
    """Return what DynamoDB says about a transaction with these reasons, one for each action."""
    codes = [{"Code": reason} for reason in reasons]
    return error(400, "TransactionCanceledException", CancellationReasons=codes)
