"""
What the functions ask of AWS, by the rights that it takes: recorded by botocore's own account of
each call, those that a link leaves to its holder included.

The rights are AWS's, of its Service Authorization Reference: a transaction needs those of its
parts, and reading a version is another right than reading an object.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient

from testing.environment import ENVIRONMENT

Json = dict[str, Any]

RECORDED = Path(__file__).parents[1] / "roles" / "needs.json"

# Where every client passes by, for a call and for a link.
HOOK = "_emit_api_params"

Needs = dict[str, set[str]]

# The variables that name a resource.
_NAMING = ("_TABLE", "_BUCKET", "_BUS_NAME", "_KEY")
_VARIABLES = {value: name for name, value in ENVIRONMENT.items() if name.endswith(_NAMING)}
_IN_TRANSACTIONS = {
    "Put": "PutItem",
    "Delete": "DeleteItem",
    "Update": "UpdateItem",
    "ConditionCheck": "ConditionCheckItem",
}
_WITH_PARAMETERS = {
    "ObjectLockRetainUntilDate": "PutObjectRetention",
    "ObjectLockLegalHoldStatus": "PutObjectLegalHold",
    "Tagging": "PutObjectTagging",
}
_OF_VERSIONS = {
    "GetObject": "GetObjectVersion",
    "HeadObject": "GetObjectVersion",
    "GetObjectTagging": "GetObjectVersionTagging",
    "PutObjectTagging": "PutObjectVersionTagging",
    "DeleteObject": "DeleteObjectVersion",
}
_OTHERWISE_CALLED = {
    "HeadObject": "GetObject",
    "HeadBucket": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
}


class Recorder:
    """
    Notes what each function needs while it runs.

    *forget* lets each begin like a process that is new; else one would use what another has read.
    """

    def __init__(self) -> None:
        self.needs: Needs = defaultdict(set)
        self.forget: Callable[[], None] | None = None
        self._function: str | None = None

    @contextmanager
    def of(self, function: str) -> Iterator[None]:
        """Note what *function* needs in the block."""
        if self.forget:
            self.forget()
        self._function = function
        try:
            yield
        finally:
            self._function = None

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Look at the parameters of every call, and of every call that is only signed."""
        emit = getattr(BaseClient, HOOK)

        def observed(client: Any, api_params: Json, operation_model: Any, context: Any) -> Any:  # noqa: ANN401
            if self._function:
                service = operation_model.service_model.service_name
                told = needed(service, operation_model.name, api_params)
                self.needs[self._function] |= set(told)
            return emit(client, api_params, operation_model, context)

        patch.setattr(BaseClient, HOOK, observed)


RECORDER = Recorder()


def needed(service: str, operation: str, request: Json) -> Iterator[str]:
    """Yield the rights that a call takes, like `dynamodb:PutItem SESSIONS_TABLE`."""
    for action, target in _ASKED[service](operation, request):
        yield f"{service}:{action} {target}"


def _of_dynamodb(operation: str, request: Json) -> Iterator[tuple[str, str]]:
    match request:
        case {"TransactItems": parts}:
            for ((kind, part),) in (entry.items() for entry in parts):
                yield _IN_TRANSACTIONS[kind], _VARIABLES[part["TableName"]]
        case {"RequestItems": tables}:
            yield from ((operation, _VARIABLES[table]) for table in tables)
        case {"TableName": table, "IndexName": index}:
            yield operation, f"{_VARIABLES[table]}/index/{index}"
        case {"TableName": table}:
            yield operation, _VARIABLES[table]


def _of_s3(operation: str, request: Json) -> Iterator[tuple[str, str]]:
    by_version = "VersionId" in request and operation in _OF_VERSIONS
    named = _OTHERWISE_CALLED.get(operation, operation)
    target = _VARIABLES[request["Bucket"]]
    if "Key" in request:
        target += f"/{_folder(request['Key'])}"
    if "Prefix" in request:
        target += f"?{_folder(request['Prefix'])}"
    yield _OF_VERSIONS[operation] if by_version else named, target
    if operation == "PutObject":
        yield from ((right, target) for name, right in _WITH_PARAMETERS.items() if name in request)


def _folder(key: str) -> str:
    return key.partition("/")[0]


def _of_kms(operation: str, request: Json) -> Iterator[tuple[str, str]]:
    yield operation, _VARIABLES[request["KeyId"]]


def _of_events(operation: str, request: Json) -> Iterator[tuple[str, str]]:
    for entry in request["Entries"]:
        yield operation, _VARIABLES[entry["EventBusName"]]


_ASKED: dict[str, Callable[[str, Json], Iterator[tuple[str, str]]]] = {
    "dynamodb": _of_dynamodb,
    "events": _of_events,
    "kms": _of_kms,
    "s3": _of_s3,
}


def recorded() -> Needs:
    """Read what was recorded before."""
    return {name: set(needs) for name, needs in json.loads(RECORDED.read_text()).items()}


def record(needs: Needs) -> None:
    """Write what was recorded now."""
    told = {name: sorted(needs[name]) for name in sorted(needs)}
    RECORDED.write_text(json.dumps(told, indent=2) + "\n")
