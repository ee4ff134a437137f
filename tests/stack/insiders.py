"""
What an insider could try on a sealed session, with the rights of one function or of the database.

An insider may know everything that is stored; only what they change needs rights.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from shared.domain.canonical import canonical, sha256
from shared.domain.records import record_id
from testing.api import Session, fresh
from tests.stack.operator import Item, Operator
from tests.stack.roles import Role

DATABASE = "all rights on the tables"
_REFUSALS = ("AccessDenied", "AccessDeniedException")


class Refused(Exception):
    """The rights did not suffice; nothing was changed."""


class Insider:
    """Somebody with the role of one function, or with all rights on the tables and no others."""

    def __init__(self, operator: Operator, who: str) -> None:
        self.operator = operator
        self.tables = operator.stack.tables
        self._bucket = operator.stack.bucket
        role = None if who == DATABASE else Role(operator, who)
        self._dynamodb = role.client("dynamodb") if role else operator.dynamodb
        self._s3 = role.client("s3") if role else None

    def put(self, table: str, item: Item) -> None:
        """Put a row, by whichever operation the role has."""
        batch: Item = {table: [{"PutRequest": {"Item": item}}]}
        self._either(
            lambda: self._dynamodb.put_item(TableName=table, Item=item),
            lambda: self._dynamodb.batch_write_item(RequestItems=batch),
        )

    def remove(self, table: str, item: Item, *names: str) -> None:
        """Remove a row, which these attributes name, by whichever operation the role has."""
        key = {name: item[name] for name in names}
        batch: Item = {table: [{"DeleteRequest": {"Key": key}}]}
        self._either(
            lambda: self._dynamodb.delete_item(TableName=table, Key=key),
            lambda: self._dynamodb.batch_write_item(RequestItems=batch),
        )

    def store(self, key: str, body: bytes = b"{}") -> None:
        """Store an object, or put a version over one that is there."""
        self._try(lambda: self._objects.put_object(Bucket=self._bucket, Key=key, Body=body))

    def hide(self, key: str) -> None:
        """Lay a delete marker over an object."""
        self._try(lambda: self._objects.delete_object(Bucket=self._bucket, Key=key))

    def delete(self, key: str, version: str) -> None:
        """Delete a version for good."""
        self._try(
            lambda: self._objects.delete_object(Bucket=self._bucket, Key=key, VersionId=version)
        )

    def tag_as_rejected(self, key: str, version: str) -> None:
        """Tag a version as rejected, so that the lifecycle would hide it."""
        tags = {"TagSet": [{"Key": "evidence", "Value": "rejected"}]}
        self._try(
            lambda: self._objects.put_object_tagging(
                Bucket=self._bucket, Key=key, VersionId=version, Tagging=tags
            )
        )

    @property
    def _objects(self) -> Any:  # noqa: ANN401 - a client of boto3
        if self._s3 is None:
            raise Refused
        return self._s3

    def _either(self, *ways: Callable[[], object]) -> None:
        """Do it in the first way that is allowed."""
        for way in ways:
            try:
                return self._try(way)
            except Refused:
                continue
        raise Refused

    @staticmethod
    def _try(call: Callable[[], object]) -> None:
        try:
            call()
        except ClientError as error:
            if error.response["Error"]["Code"] in _REFUSALS:
                raise Refused from error
            raise


Attempt = Callable[[Insider, Session], None]


@dataclass(frozen=True)
class _Trail:
    """The stored trail of a session."""

    insider: Insider
    session: Session

    @property
    def entries(self) -> list[Item]:
        table = self.insider.tables.audit
        return self.insider.operator.items(table, "sessionId", self.session.session_id)

    def put(self, like: Item, **content: object) -> None:
        """Put an entry that is well formed and like another but for this *content*."""
        written = canonical(json.loads(like["content"]["S"]) | content)
        number = {"N": str(content.get("sequence", like["sequence"]["N"]))}
        forged = {"content": {"S": written.decode()}, "sha256": {"S": sha256(written)}}
        self.insider.put(self.insider.tables.audit, like | forged | {"sequence": number})


def _replace_an_entry(insider: Insider, session: Session) -> None:
    trail = _Trail(insider, session)
    trail.put(trail.entries[1], requestId="forged")


def _remove_the_last_entry(insider: Insider, session: Session) -> None:
    last = _Trail(insider, session).entries[-1]
    insider.remove(insider.tables.audit, last, "sessionId", "sequence")


def _invent_a_verification(insider: Insider, session: Session) -> None:
    trail = _Trail(insider, session)
    last = trail.entries[-1]
    trail.put(
        last,
        action="VERIFIED",
        by={"id": "u-ministry", "name": "Inspector of the Ministry"},
        previous=last["sha256"]["S"],
        sequence=int(last["sequence"]["N"]) + 1,
    )


def _a_record(insider: Insider, session: Session) -> Item:
    return insider.operator.records(session)[0]


def _fail_who_passed(insider: Insider, session: Session) -> None:
    insider.put(insider.tables.records, _a_record(insider, session) | {"result": {"S": "FAILED"}})


def _verify_by_hand(insider: Insider, session: Session) -> None:
    edited = _a_record(insider, session) | {"status": {"S": "VERIFIED"}}
    insider.put(insider.tables.records, edited)


def _remove_a_record(insider: Insider, session: Session) -> None:
    record = _a_record(insider, session)
    insider.remove(insider.tables.records, record, "personnelId", "recordId")


def _certify_a_stranger(insider: Insider, session: Session) -> None:
    stranger = fresh("c")
    forged = {
        "personnelId": {"S": stranger},
        "recordId": {"S": record_id(session.session_id, stranger)},
    }
    insider.put(insider.tables.records, _a_record(insider, session) | forged)


def _edit(insider: Insider, session: Session, **values: Item | None) -> None:
    """Put the session's own row as it is but for these values; None leaves one out."""
    own = insider.operator.own_row(session)
    number = {"version": {"N": str(int(own["version"]["N"]) + 1)}}
    edited = {**own, **number, **values}
    kept = {name: value for name, value in edited.items() if value is not None}
    insider.put(insider.tables.sessions, kept)


def _cancel_the_session(insider: Insider, session: Session) -> None:
    _edit(insider, session, status={"S": "CANCELLED"})


def _reopen_the_session(insider: Insider, session: Session) -> None:
    _edit(insider, session, status={"S": "SCHEDULED"}, finalizationId=None)


def _finalize_it_anew(insider: Insider, session: Session) -> None:
    _edit(insider, session, finalizationId={"S": fresh("finalization")})


def _remove_the_session(insider: Insider, session: Session) -> None:
    own = insider.operator.own_row(session)
    insider.remove(insider.tables.sessions, own, "sessionId", "item")


def _a_row(insider: Insider, session: Session) -> Item:
    return next(row for row in insider.operator.rows(session) if "personnelId" in row)


def _fail_a_row(insider: Insider, session: Session) -> None:
    row = _a_row(insider, session)
    number = {"N": str(int(row["revision"]["N"]) + 1)}
    insider.put(insider.tables.sessions, row | {"hasPassed": {"BOOL": False}, "revision": number})


def _remove_a_row(insider: Insider, session: Session) -> None:
    insider.remove(insider.tables.sessions, _a_row(insider, session), "sessionId", "item")


def _store_in(folder: str) -> Attempt:
    return lambda insider, session: insider.store(f"{folder}/{session.session_id}/invented.json")


def _put_over(kind: str) -> Attempt:
    return lambda insider, session: insider.store(_key_of(kind, insider, session))


def _hide(kind: str) -> Attempt:
    return lambda insider, session: insider.hide(_key_of(kind, insider, session))


def _reject_the_sheet(insider: Insider, session: Session) -> None:
    insider.tag_as_rejected(*insider.operator.versions(session)[0])


def _delete_the_sheet(insider: Insider, session: Session) -> None:
    insider.delete(*insider.operator.versions(session)[0])


def _key_of(kind: str, insider: Insider, session: Session) -> str:
    found = insider.operator.s3.list_objects_v2(
        Bucket=insider.operator.stack.bucket, Prefix=kind.format(session.session_id)
    )
    return found["Contents"][0]["Key"]


SHEET = "evidence/{}/"
MANIFEST = "seals/{}/manifest.json"
SIGNATURE = "seals/{}/trail.sig"
SUMMARY = "seals/{}/summary.pdf"
COPY = "witness/audit/{}/"
STAMP = "stamps/seals/{}/manifest.json.tsr"
OBJECTS = (SHEET, MANIFEST, SIGNATURE, SUMMARY, COPY, STAMP)
FOLDERS = (
    *("evidence", "seals", "tampering"),
    *("witness/audit", "witness/records", "witness/tampering"),
)

ATTEMPTS: dict[str, Attempt] = {
    "replace an entry": _replace_an_entry,
    "remove the last entry": _remove_the_last_entry,
    "invent a verification": _invent_a_verification,
    "fail who passed": _fail_who_passed,
    "verify by hand": _verify_by_hand,
    "remove a record": _remove_a_record,
    "certify a stranger": _certify_a_stranger,
    "cancel the session": _cancel_the_session,
    "reopen the session": _reopen_the_session,
    "finalize it anew": _finalize_it_anew,
    "remove the session": _remove_the_session,
    "fail a row": _fail_a_row,
    "remove a row": _remove_a_row,
    "tag the sheet as rejected": _reject_the_sheet,
    "delete the sheet": _delete_the_sheet,
    **{f"store in {folder}": _store_in(folder) for folder in FOLDERS},
    **{f"put over {kind.format('id')}": _put_over(kind) for kind in OBJECTS},
    **{f"hide {kind.format('id')}": _hide(kind) for kind in OBJECTS},
}
