"""
What an insider could try while a session is open, or at sheets that do not count, with the rights
of one function or of the database.
"""

import json

import httpx
import pytest

from shared.domain.audit import Action, ChainPosition, new_entry
from shared.domain.canonical import sha256
from shared.domain.tampering import Tampering
from shared.messaging.kms import KmsOrigin
from shared.runtime import clock
from shared.storage.vault import S3Vault
from shared.storage.witness import VaultWitness
from testing.api import Session, a_session, a_session_to_finalize, fresh, hand_in
from testing.builders import a_change
from testing.waiting import wait_until
from tests.stack.insiders import DATABASE, Insider
from tests.stack.operator import Item, Operator
from tests.stack.roles import Role

pytestmark = [pytest.mark.stack, pytest.mark.torture]


def trail(operator: Operator, session: Session) -> list[Item]:
    """Return the stored entries of the session."""
    return operator.items(operator.stack.tables.audit, "sessionId", session.session_id)


def test_verification_of_an_open_session_is_told_from_a_busy_one(
    admin: httpx.Client, operator: Operator
) -> None:
    """The role that notes verifications takes the number of the decision: that is named at once."""
    session = a_session_to_finalize(admin)
    last = trail(operator, session)[-1]
    place = ChainPosition(session.session_id, int(last["sequence"]["N"]) + 1, last["sha256"]["S"])
    entry = new_entry(place, Action.VERIFIED, a_change("none", at=clock.now()), [])
    role, key = Role(operator, "verify_session"), operator.resources["VerifySessionOriginKey"]
    origin = KmsOrigin(lambda: role.client("kms"), key)(entry.sha256)
    forged = {"content": {"S": entry.content}, "sha256": {"S": entry.sha256}}
    number = {"sequence": {"N": str(entry.sequence)}, "origin": {"S": origin}}
    Insider(operator, "verify_session").put(operator.stack.tables.audit, last | forged | number)

    answer = admin.post(session.finalize)

    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (500, "trail-taken")


def test_item_without_end_does_not_blind_the_witness(
    admin: httpx.Client, operator: Operator
) -> None:
    """It is noted, and so is what is replaced and put back after it."""
    insider, session = Insider(operator, DATABASE), a_session(admin)
    witness = VaultWitness(S3Vault(operator.s3, operator.stack.bucket))
    table, endless, nobody = operator.stack.tables.audit, "[" * 150_000, fresh("nobody")
    content = {"content": {"S": endless}, "sha256": {"S": sha256(endless.encode())}}
    insider.put(table, {"sessionId": {"S": nobody}, "sequence": {"N": "1"}, **content})
    (first,) = trail(operator, session)

    insider.put(table, first | {"sha256": {"S": "ab" * 32}})
    insider.put(table, first)

    wait_until("the note of the endless item", lambda: bool(witness.seen(nobody).notes))
    wait_until(
        "two notes of what was replaced",
        lambda: (
            [note.tampering for note in witness.seen(session.session_id).notes]
            == [Tampering.ENTRY_REPLACED] * 2
        ),
    )


def test_sheet_that_was_replaced_cannot_be_deleted(admin: httpx.Client, operator: Operator) -> None:
    """Nor can the one that replaced it, long before the session is finalized."""
    session = a_session(admin)
    hand_in(admin, session)
    hand_in(admin, session)
    told = [json.loads(entry["content"]["S"])["action"] for entry in trail(operator, session)]

    for key, version in operator.versions(session):
        with pytest.raises(operator.s3.exceptions.ClientError, match="AccessDenied"):
            operator.s3.delete_object(Bucket=operator.stack.bucket, Key=key, VersionId=version)

    assert told.count(Action.SHEET_ACCEPTED) == len(operator.versions(session)) == 2
