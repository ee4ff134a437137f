"""Entries that no function wrote, appended with rights on the database or with another role."""

import json
from collections.abc import Callable

import httpx
import pytest

from shared.domain.audit import Action, AuditEntry, ChainPosition, new_entry
from shared.domain.copies import Trail
from shared.domain.origin import WRITERS, Place, is_genuine
from shared.domain.people import Person
from shared.domain.tampering import WORDS, Tampering
from shared.messaging.kms import KmsOrigin, KmsOrigins
from shared.runtime import clock
from testing.api import (
    Session,
    a_finalized_session,
    a_session_to_finalize,
    a_sheet,
    announce,
    put_file,
    verified,
)
from testing.builders import a_change
from testing.waiting import wait_until
from tests.stack.operator import Item, Operator
from tests.stack.roles import Role
from tests.stack.test_evidence_chain import faults, sealed

pytestmark = pytest.mark.stack

FUNCTIONS_THAT_WRITE = {name for names in WRITERS.values() for name in names.values()}
INSPECTOR = Person("u-1", "Inspector of the Ministry")


def key_name(function: str) -> str:
    """Return the name of a function's key in the template."""
    return f"{function.title().replace('_', '')}OriginKey"


def invented(operator: Operator, session: Session) -> AuditEntry:
    """Return a verification that nobody made, as the next entry of the session's trail."""
    table, owner = operator.stack.tables.audit, session.session_id
    last = operator.items(table, "sessionId", owner)[-1]
    end = ChainPosition(owner, int(last["sequence"]["N"]) + 1, last["sha256"]["S"])
    return new_entry(end, Action.VERIFIED, a_change("none", INSPECTOR, clock.now()), [])


def append(dynamodb: object, operator: Operator, entry: AuditEntry, origin: str | None) -> None:
    """Write it into the table."""
    said = {} if origin is None else {"origin": {"S": origin}}
    dynamodb.put_item(  # type: ignore[attr-defined]
        TableName=operator.stack.tables.audit,
        Item={
            "sessionId": {"S": entry.session_id},
            "sequence": {"N": str(entry.sequence)},
            "content": {"S": entry.content},
            "sha256": {"S": entry.sha256},
            **said,
        },
    )


def with_the_database_alone(operator: Operator, session: Session) -> None:
    """All rights on the tables, and none on keys: there is no origin to copy for this entry."""
    table = operator.stack.tables.audit
    genuine = operator.items(table, "sessionId", session.session_id)[-1]["origin"]["S"]
    append(operator.dynamodb, operator, invented(operator, session), genuine)


def without_an_origin(operator: Operator, session: Session) -> None:
    """As the first release wrote entries."""
    append(operator.dynamodb, operator, invented(operator, session), None)


def with_the_role_of_another_function(operator: Operator, session: Session) -> None:
    """The role that saves attendance may write entries, and gets its own key alone."""
    role, entry = Role(operator, "save_attendance"), invented(operator, session)
    key = operator.resources["SaveAttendanceOriginKey"]
    origin = KmsOrigin(lambda: role.client("kms"), key)(entry.sha256)
    append(role.client("dynamodb"), operator, entry, origin)


Drill = Callable[[Operator, Session], None]


@pytest.mark.parametrize(
    "drill", [with_the_database_alone, without_an_origin, with_the_role_of_another_function]
)
def test_an_invented_entry_is_named(admin: httpx.Client, operator: Operator, drill: Drill) -> None:
    """The witness leaves a note, which verification names, and the nightly check finds it too."""
    session = sealed(admin, a_finalized_session(admin))

    drill(operator, session)

    words = WORDS[Tampering.ENTRY_INVENTED]
    wait_until(
        "the witness's note",
        lambda: any(words in fault for fault in faults(admin, session).get("WITNESS", [])),
    )
    night = operator.invoke("verify_sealed_sessions", {})
    assert night["error"] is None
    found = {one["session_id"]: one["faults"] for one in night["payload"]["findings"]}
    named = [fault for fault in found[session.session_id] if "was not written by" in fault]
    assert len(named) == 1
    assert named[0].startswith("AUDIT_TRAIL: ")


def test_nobody_gets_the_key_of_another_function(operator: Operator) -> None:
    """Not even a function that writes entries itself."""
    kms = Role(operator, "save_attendance").client("kms")
    asked = {"Message": b"origin of audit entries", "MacAlgorithm": "HMAC_SHA_256"}

    kms.generate_mac(KeyId=operator.resources["SaveAttendanceOriginKey"], **asked)

    with pytest.raises(kms.exceptions.ClientError, match="AccessDenied"):
        kms.generate_mac(KeyId=operator.resources["VerifySessionOriginKey"], **asked)


def written(operator: Operator, session: Session) -> dict[str, Item]:
    """Return an entry of each action in the session's trail."""
    trail = operator.items(operator.stack.tables.audit, "sessionId", session.session_id)
    return {json.loads(entry["content"]["S"])["action"]: entry for entry in trail}


def test_every_entry_that_a_function_writes_is_genuine(
    admin: httpx.Client, operator: Operator
) -> None:
    """The table of writers says what the functions do: none is taken for another one."""
    session, late = a_session_to_finalize(admin), a_sheet()
    no_sheet = b"not a PDF"
    put_file(announce(admin, session, no_sheet), no_sheet).raise_for_status()
    wait_until("the rejection", lambda: "SHEET_REJECTED" in written(operator, session))
    permission = announce(admin, session, late)
    operator.age_announcement(session)
    admin.post(session.finalize).raise_for_status()
    put_file(permission, late).raise_for_status()
    wait_until(
        "seal and note", lambda: {"SIGNED", "SHEET_LATE"} <= written(operator, session).keys()
    )
    verified(admin, session)

    entries = written(operator, session)
    kms = operator.stack.session().client("kms", endpoint_url=operator.stack.endpoint)
    keys = KmsOrigins(
        lambda: kms, {name: operator.resources[key_name(name)] for name in FUNCTIONS_THAT_WRITE}
    )
    genuine = {
        action
        for action, entry in entries.items()
        if is_genuine(
            Place(Trail.SESSION, session.session_id, int(entry["sequence"]["N"])),
            entry["content"]["S"],
            entry["origin"]["S"],
            keys.of,
        )
    }

    # An upload is withdrawn only if the bucket does not answer.
    assert genuine == entries.keys() == {*Action} - {Action.SHEET_WITHDRAWN}
