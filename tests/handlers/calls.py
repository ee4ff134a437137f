"""Calling the functions as AWS does: with the sample events of events/, and a test's changes."""

import base64
import gzip
import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, TypedDict, Unpack

from aws_lambda_powertools.utilities.typing import LambdaContext

from local.workspace import ROOT
from tests.handlers.needs import RECORDER

Json = dict[str, Any]

EVENTS = ROOT / "events"
JSON = "application/json"
PROBLEM = "application/problem+json"

HANDLERS: dict[str, ModuleType] = {
    path.parent.name: import_module(f"functions.{path.parent.name}.handler")
    for path in ROOT.glob("functions/*/handler.py")
}


class Invocation(LambdaContext):
    """The context of an invocation that has all the time it may have."""

    def __init__(self, function: str) -> None:
        self._function_name = function
        self._invoked_function_arn = f"arn:aws:lambda:eu-central-1:123456789012:function:{function}"
        self._memory_limit_in_mb = 1024
        self._aws_request_id = "8f507cfc-example-4697-b07a-ac58fc914c95"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        """Return the time-out of a function behind the API."""
        return 29_000


class LateInvocation(Invocation):
    """The context of an invocation whose time is nearly over."""

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        """Return too little time for another batch of work."""
        return 1_000


class Changes(TypedDict, total=False):
    """The changes a test makes to a sample request."""

    session_id: str
    course_id: str
    personnel_id: str
    body: object
    headers: Mapping[str, str]
    query: Mapping[str, str]
    groups: str | None


@dataclass(frozen=True)
class Answer:
    """What a client of the API gets; names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def etag(self) -> str:
        return self.headers["etag"]

    @property
    def slug(self) -> str:
        """The stable name of a refusal."""
        return str(self.body["type"]).removeprefix("urn:problem:training:")

    @property
    def pointers(self) -> list[str]:
        """The JSON pointers of a refusal."""
        return [fault["pointer"] for fault in self.body.get("errors", [])]


def sample(function: str, case: str = "happy_path") -> Json:
    """Return a sample event that a test may change."""
    return deepcopy(_stored(EVENTS / function / f"{case}.json"))


def invoke(function: str, event: Json, context: type[Invocation] = Invocation) -> Any:  # noqa: ANN401 - each function returns its own
    """Run a function, and note what it needs of AWS."""
    with RECORDER.of(function):
        return HANDLERS[function].lambda_handler(event, context(function))


def send(function: str, case: str = "happy_path", **changes: Unpack[Changes]) -> Answer:
    """Send a sample request with these *changes*, and read the answer."""
    return call(function, request(function, case, **changes))


def call(function: str, event: Json, context: type[Invocation] = Invocation) -> Answer:
    """Run a function behind the API and read its answer."""
    return read(invoke(function, event, context))


def request(function: str, case: str = "happy_path", **changes: Unpack[Changes]) -> Json:
    """Return a sample request with these *changes*; a body of bytes travels as base64."""
    event = sample(function, case)
    ids = {"sessionId": "session_id", "courseId": "course_id", "personnelId": "personnel_id"}
    for name in event["pathParameters"] or {}:
        value = str(changes.get(ids[name], event["pathParameters"][name]))
        event["pathParameters"][name] = value
        event["path"] = event["resource"].replace(f"{{{name}}}", value)
    if "body" in changes:
        event["body"], event["isBase64Encoded"] = _wire(changes["body"])
    if "query" in changes:
        event["queryStringParameters"] = dict(changes["query"])
    if "groups" in changes:
        event["requestContext"]["authorizer"]["claims"] |= {"cognito:groups": changes["groups"]}
    event["headers"] |= changes.get("headers", {})
    # Only one set of headers, so that the two cannot differ.
    event["multiValueHeaders"] = {name: [value] for name, value in event["headers"].items()}
    return event


@cache
def _stored(path: Path) -> Json:
    event: Json = json.loads(path.read_text())
    return event


def _wire(body: object) -> tuple[str | None, bool]:
    match body:
        case None | str():
            return body, False
        case bytes():
            return base64.b64encode(body).decode(), True
    return json.dumps(body), False


def read(result: Json) -> Answer:
    """Read a function's answer to API Gateway."""
    headers = {name.lower(): values[0] for name, values in result["multiValueHeaders"].items()}
    body = result["body"]
    if result["isBase64Encoded"]:
        body = gzip.decompress(base64.b64decode(body))
    return Answer(result["statusCode"], headers, json.loads(body))
