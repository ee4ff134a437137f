"""Calling the functions as AWS does: with the sample events of events/, and what a test changes."""

import base64
import gzip
import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypedDict, Unpack

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.build_audit_pack.handler import lambda_handler as build_audit_pack
from functions.finalize_session.handler import lambda_handler as finalize_session
from functions.hash_evidence.handler import lambda_handler as hash_evidence
from functions.recalculate_compliance.handler import lambda_handler as recalculate_compliance
from functions.reconcile_sessions.handler import lambda_handler as reconcile_sessions
from functions.register_course.handler import lambda_handler as register_course
from functions.register_session.handler import lambda_handler as register_session
from functions.relay_outbox.handler import lambda_handler as relay_outbox
from functions.save_attendance.handler import lambda_handler as save_attendance
from functions.seal_session.handler import lambda_handler as seal_session
from functions.upload_evidence.handler import lambda_handler as upload_evidence
from functions.verify_sealed_sessions.handler import lambda_handler as verify_sealed_sessions
from functions.verify_session.handler import lambda_handler as verify_session
from functions.view_audit.handler import lambda_handler as view_audit
from functions.view_compliance.handler import lambda_handler as view_compliance
from functions.view_session.handler import lambda_handler as view_session

Json = dict[str, Any]

EVENTS = Path(__file__).parents[2] / "events"
JSON = "application/json"
PROBLEM = "application/problem+json"

FUNCTIONS: dict[str, Callable[[Json, LambdaContext], Any]] = {
    "build_audit_pack": build_audit_pack,
    "finalize_session": finalize_session,
    "hash_evidence": hash_evidence,
    "recalculate_compliance": recalculate_compliance,
    "reconcile_sessions": reconcile_sessions,
    "register_course": register_course,
    "register_session": register_session,
    "relay_outbox": relay_outbox,
    "save_attendance": save_attendance,
    "seal_session": seal_session,
    "upload_evidence": upload_evidence,
    "verify_sealed_sessions": verify_sealed_sessions,
    "verify_session": verify_session,
    "view_audit": view_audit,
    "view_compliance": view_compliance,
    "view_session": view_session,
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
        """Return what is no time for another portion of work."""
        return 1_000


class Changes(TypedDict, total=False):
    """What a test may change of a sample request."""

    session_id: str
    course_id: str
    personnel_id: str
    body: object
    headers: Mapping[str, str]
    query: Mapping[str, str]
    groups: str | None


@dataclass(frozen=True)
class Answer:
    """What the API's client gets; names of headers are in lower case."""

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
        """Where a refusal points to."""
        return [fault["pointer"] for fault in self.body.get("errors", [])]


def sample(function: str, case: str = "happy_path") -> Json:
    """Return a sample event that a test may change."""
    return deepcopy(_stored(EVENTS / function / f"{case}.json"))


def invoke(function: str, event: Json, context: type[Invocation] = Invocation) -> Any:  # noqa: ANN401 - each function returns its own
    """Run a function."""
    return FUNCTIONS[function](event, context(function))


def send(function: str, case: str = "happy_path", **changes: Unpack[Changes]) -> Answer:
    """Send a sample request with these *changes*, and read the answer."""
    return call(function, request(function, case, **changes))


def call(function: str, event: Json, context: type[Invocation] = Invocation) -> Answer:
    """Run a function behind the API and read its answer."""
    return _answer(invoke(function, event, context))


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


def _answer(result: Json) -> Answer:
    headers = {name.lower(): values[0] for name, values in result["multiValueHeaders"].items()}
    body = result["body"]
    if result["isBase64Encoded"]:
        body = gzip.decompress(base64.b64decode(body))
    return Answer(result["statusCode"], headers, json.loads(body))
