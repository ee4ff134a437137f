"""
The witness on the deployed stack: what it copies, and what it notes when somebody goes past the
product with rights on the database alone.
"""

import json
from collections.abc import Callable

import httpx
import pytest

from shared.domain.canonical import canonical, sha256
from shared.domain.records import record_id
from shared.domain.tampering import Tampering
from shared.domain.witness import TamperNote, Witnessed
from shared.storage.vault import S3Vault
from shared.storage.witness import VaultWitness
from testing.api import Session, a_finalized_session, a_session, fresh
from testing.waiting import wait_for, wait_until
from tests.stack.operator import Item, Operator
from tests.stack.test_evidence_chain import faults, sealed

pytestmark = [pytest.mark.stack, pytest.mark.dynamodb]

Drill = Callable[[Operator, Session], None]


@pytest.fixture(scope="module")
def session(admin: httpx.Client) -> Session:
    """A sealed session, which each drill spoils a little more."""
    return sealed(admin, a_finalized_session(admin))


@pytest.fixture(scope="module")
def witness(operator: Operator) -> VaultWitness:
    """Return what the witness wrote, read with the operator's rights."""
    return VaultWitness(S3Vault(operator.s3, operator.stack.bucket))


def entries(operator: Operator, session: Session) -> list[Item]:
    """Return the stored entries of the session's trail."""
    return operator.items(operator.stack.tables.audit, "sessionId", session.session_id)


def last_witnessed(seen: Witnessed) -> int:
    """Return the number of the last entry that was copied."""
    return max((run.last for run in seen.runs), default=0)


def note_of(witness: VaultWitness, session: Session, what: Tampering) -> TamperNote:
    """Wait for a note of that kind about the session."""

    def noted() -> TamperNote | None:
        notes = witness.seen(session.session_id).notes
        return next((note for note in notes if note.tampering is what), None)

    return wait_for(f"a note that {what}", noted)


def forge_an_entry(operator: Operator, session: Session) -> None:
    """Put a well-formed entry over one that was signed."""
    second = entries(operator, session)[1]
    content = canonical(json.loads(second["content"]["S"]) | {"requestId": "forged"})
    operator.put(
        operator.stack.tables.audit,
        second | {"content": {"S": content.decode()}, "sha256": {"S": sha256(content)}},
    )


def cut_the_trail(operator: Operator, session: Session) -> None:
    """Remove the last entry, which nothing follows."""
    last = entries(operator, session)[-1]
    operator.delete(operator.stack.tables.audit, last, "sessionId", "sequence")


def invent_an_entry(operator: Operator, session: Session) -> None:
    """Append something that is no entry."""
    end = int(entries(operator, session)[-1]["sequence"]["N"])
    key = {"sessionId": {"S": session.session_id}, "sequence": {"N": str(end + 100)}}
    row = key | {"content": {"S": "{}"}, "sha256": {"S": "ab"}}
    operator.put(operator.stack.tables.audit, row)


def pass_who_failed(operator: Operator, session: Session) -> None:
    """Change a record."""
    record = operator.records(session)[0]
    operator.put(operator.stack.tables.records, record | {"result": {"S": "FAILED"}})


def lose_a_record(operator: Operator, session: Session) -> None:
    """Remove a record."""
    operator.delete_record(session, session.people[1])


def certify_a_stranger(operator: Operator, session: Session) -> None:
    """Write a record for somebody under an id that does not follow from the session."""
    record = operator.records(session)[0]
    forged = record | {"personnelId": {"S": fresh("c")}}
    operator.put(operator.stack.tables.records, forged)


def retitle(operator: Operator, session: Session) -> None:
    """Change the completed session."""
    operator.edit(session, "title", {"S": "Something else"})


def mark_a_row(operator: Operator, session: Session) -> None:
    """Change a person's row without counting it."""
    row = next(row for row in operator.rows(session) if "personnelId" in row)
    operator.put(operator.stack.tables.sessions, row | {"hasPassed": {"BOOL": False}})


def lose_the_session(operator: Operator, session: Session) -> None:
    """Remove the session's own row."""
    own = operator.own_row(session)
    operator.delete(operator.stack.tables.sessions, own, "sessionId", "item")


DRILLS: dict[Tampering, Drill] = {
    Tampering.ENTRY_INVENTED: invent_an_entry,
    Tampering.ENTRY_REMOVED: cut_the_trail,
    Tampering.ENTRY_REPLACED: forge_an_entry,
    Tampering.RECORD_CHANGED: pass_who_failed,
    Tampering.RECORD_REMOVED: lose_a_record,
    Tampering.RECORD_INVENTED: certify_a_stranger,
    Tampering.SESSION_CHANGED: retitle,
    Tampering.ROW_CHANGED: mark_a_row,
}


def test_an_entry_is_witnessed_within_seconds(
    admin: httpx.Client, operator: Operator, witness: VaultWitness
) -> None:
    """Byte for byte, with nobody asking for it; and normal work leaves no tamper note."""
    session = sealed(admin, a_finalized_session(admin))
    written = [row["content"]["S"] for row in entries(operator, session)]

    wait_until(
        "the witness",
        lambda: last_witnessed(witness.seen(session.session_id)) >= len(written),
        seconds=30,
    )

    copied = b"".join(witness.copies(session.session_id)).decode().splitlines()
    assert set(written) <= set(copied)
    seen = witness.seen(session.session_id)
    assert (seen.notes, seen.covered) == ((), ())
    assert seen.recipients == set(session.people)


@pytest.mark.parametrize("what", DRILLS)
def test_tampering_with_the_database_is_noted_and_named(
    what: Tampering,
    admin: httpx.Client,
    operator: Operator,
    witness: VaultWitness,
    session: Session,
) -> None:
    """There is a note that nobody can remove, a metric for the alarm, and the verification."""
    DRILLS[what](operator, session)

    note = note_of(witness, session, what)

    assert note.words in faults(admin, session)["WITNESS"]
    assert operator.lines("witness_changes", note.key)
    assert operator.lines("witness_changes", "TamperNotes")


def test_a_record_of_a_stranger_is_named(
    admin: httpx.Client, operator: Operator, witness: VaultWitness, session: Session
) -> None:
    """It has the id it would have, and no key leads to it; but it was seen."""
    stranger = fresh("c")
    key = {"S": stranger}, {"S": record_id(session.session_id, stranger)}
    record = operator.records(session)[0] | dict(zip(("personnelId", "recordId"), key, strict=True))
    operator.put(operator.stack.tables.records, record)

    wait_until(
        "the witness", lambda: stranger in witness.seen(session.session_id).recipients, seconds=60
    )

    assert (
        f"a record was written for {stranger}, who gets none" in faults(admin, session)["WITNESS"]
    )


def test_a_lost_session_is_noted(
    admin: httpx.Client, operator: Operator, witness: VaultWitness
) -> None:
    """Verification cannot find it any more, but the note has all of it."""
    session = a_session(admin)
    title = operator.own_row(session)["title"]["S"]

    lose_the_session(operator, session)

    note = note_of(witness, session, Tampering.SESSION_REMOVED)
    assert json.loads(witness.note(note))["old"]["title"] == title


def test_a_note_cannot_be_hidden(
    admin: httpx.Client, operator: Operator, witness: VaultWitness, session: Session
) -> None:
    """A delete marker over it is a fault of its own; the note is still read."""
    retitle(operator, session)
    note = note_of(witness, session, Tampering.SESSION_CHANGED)

    operator.s3.delete_object(Bucket=operator.stack.bucket, Key=note.key)

    found = faults(admin, session)["WITNESS"]
    assert {note.words, f"something was put over {note.key}"} <= set(found)
