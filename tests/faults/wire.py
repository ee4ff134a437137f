"""The wire between botocore and AWS: every call is numbered, and a plan may cause faults."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from types import SimpleNamespace
from typing import Any

import botocore.endpoint
import botocore.retries.quota
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.httpsession import URLLib3Session
from botocore.retries.quota import RetryQuota

Json = dict[str, Any]
Send = Callable[[AWSPreparedRequest], AWSResponse]

# Far more than any attempt sends, with all its retries.
MOST_SENDS = 3_000

_TARGETS = {"DynamoDB_20120810": "dynamodb", "AWSEvents": "events", "TrentService": "kms"}
_really_send = URLLib3Session.send


class Killed(BaseException):
    """The process died; no `except Exception` hides it."""


class Runaway(BaseException):
    """The code under test sends without end."""


@dataclass(frozen=True)
class Call:
    """
    One attempt of one call to AWS.

    *number* counts the calls from 1; retries of the SDK share it. *operation* is like
    `dynamodb.PutItem Sessions`; calls to several tables name none. *carry* sends a request to AWS
    at once; what is put into *late* arrives when everything is over.
    """

    number: int
    is_repeat: bool
    operation: str
    request: AWSPreparedRequest
    carry: Send
    late: list["Call"] = field(repr=False)

    @property
    def body(self) -> Json:
        return _body(self.request)

    def carried(self, body: Json | None = None) -> AWSResponse:
        """Send the call to AWS, with another *body* if there is one."""
        return self.carry(self.request if body is None else _with_body(self.request, body))


Act = Callable[[Call], AWSResponse]
Plan = Callable[[Call], Act | None]


class Life:
    """All calls of one process, from the first to its last or to its death."""

    def __init__(self, plan: Plan) -> None:
        self.operations: list[str] = []
        self.struck = 0
        self.late: list[Call] = []
        self._plan = plan
        self._numbers: dict[str, int] = {}
        self._sends = 0
        self._is_dead = False
        self._lock = Lock()

    def send(self, request: AWSPreparedRequest, carry: Send) -> AWSResponse:
        """Send the request, unless the plan has a fault for it."""
        with self._lock:
            call = self._numbered(request, carry)
            act = self._plan(call)
            self.struck += act is not None
        try:
            return act(call) if act else call.carried()
        except Killed:
            self._is_dead = True
            raise

    def _numbered(self, request: AWSPreparedRequest, carry: Send) -> Call:
        self._sends += 1
        if self._is_dead:
            raise Killed
        if self._sends > MOST_SENDS:
            raise Runaway
        invocation = _text(request.headers["amz-sdk-invocation-id"])
        is_repeat = invocation in self._numbers
        if not is_repeat:
            self.operations.append(_operation(request))
            self._numbers[invocation] = len(self.operations)
        number = self._numbers[invocation]
        return Call(number, is_repeat, self.operations[number - 1], request, carry, self.late)


class Wire:
    """The one transport of all clients; *taken* names the events that the bus accepted so far."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self._life: Life | None = None
        self._quotas: list[RetryQuota] = []

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Install the wire for all clients made from now on, and let them retry at once."""

        def quota() -> RetryQuota:
            self._quotas.append(RetryQuota())
            return self._quotas[-1]

        def send(session: URLLib3Session, request: AWSPreparedRequest) -> AWSResponse:
            def carry(outgoing: AWSPreparedRequest) -> AWSResponse:
                return self._carried(session, outgoing)

            return self._life.send(request, carry) if self._life else carry(request)

        patch.setattr(URLLib3Session, "send", send)
        patch.setattr(botocore.retries.quota, "RetryQuota", quota)
        patch.setattr(botocore.endpoint, "time", SimpleNamespace(sleep=lambda _: None))

    @contextmanager
    def life(self, plan: Plan) -> Iterator[Life]:
        """Let *plan* decide on every call of the block, which begins like a new process."""
        for quota in self._quotas:
            quota.release(RetryQuota.INITIAL_CAPACITY)
        self._life = life = Life(plan)
        try:
            yield life
        finally:
            self._life = None

    def stand_aside(self) -> None:
        """Let every call pass, to the end of this life."""
        self._life = None

    def _carried(self, session: URLLib3Session, request: AWSPreparedRequest) -> AWSResponse:
        answer = _really_send(session, request)
        if _is_to_the_bus(request) and answer.status_code == 200:
            results = json.loads(answer.content)["Entries"]
            self.taken += [
                json.loads(entry["Detail"])["eventId"]
                for entry, result in zip(_body(request)["Entries"], results, strict=True)
                if "EventId" in result
            ]
        return answer


def _is_to_the_bus(request: AWSPreparedRequest) -> bool:
    return _text(request.headers.get("X-Amz-Target", "")) == "AWSEvents.PutEvents"


def _operation(request: AWSPreparedRequest) -> str:
    target = request.headers.get("X-Amz-Target")
    if target is not None:
        service, _, name = _text(target).partition(".")
        return f"{_TARGETS[service]}.{name} {_body(request).get('TableName', '')}".strip()
    name = {"HEAD": "HeadObject", "GET": "GetObject", "PUT": "PutObject"}[request.method]
    aspects = ("Tagging", "Retention")
    aspect = next((one for one in aspects if f"?{one.lower()}" in request.url), "")
    return f"s3.{name}{aspect}"


def _body(request: AWSPreparedRequest) -> Json:
    assert isinstance(request.body, (str, bytes)), "only JSON requests have a body to look into"
    body: Json = json.loads(request.body)
    return body


def _with_body(request: AWSPreparedRequest, body: Json) -> AWSPreparedRequest:
    payload = json.dumps(body).encode()
    headers = type(request.headers)()
    for name, value in request.headers.items():
        headers[name] = str(len(payload)) if name.lower() == "content-length" else value
    return AWSPreparedRequest(request.method, request.url, headers, payload, request.stream_output)


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
