"""The rules that must hold after every schedule."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from functions.hash_evidence.use_case import CheckOutcome
from functions.witness_changes.stream import WITNESSED, changes_in
from shared.domain.attendance import Mark
from shared.domain.compliance import verdict_at
from shared.domain.errors import (
    Busy,
    FinalizationInProgress,
    SessionAlreadyFinalized,
    SessionNotFinalized,
)
from shared.domain.events import Event
from shared.domain.plan import ManifestDiffers, Plan, plan_of
from shared.domain.records import Record, RecordStatus, Result
from shared.domain.session import Attendee, SessionStatus, Snapshot
from shared.domain.tampering import tampering
from shared.storage.evidence import address_of
from testing.builders import COURSE_ID
from tests.simulation.history import Answer, Request
from tests.simulation.world import EXPIRING_SOON, FOUNDED, Hazard, World

LOST_PATCH = "no acknowledged PATCH is missing"
SURPRISE = "nothing fails in an unknown way"
GHOST_PATCH = "no refused or never sent mark is there"
ROSTER = "the roster is one that was asked for"
REVISIONS = "at rest the revisions add up"
ALL_OR_NOTHING = "all records or none, to every reader"
ONE_DECISION = "one finalization, and every answer speaks of it"
CONFIRMED = "what was confirmed is what was written"
MANIFEST = "what is stored is what was decided"
TRAIL = "every change has its entry, and every entry its change"
EVIDENCE = "the newest accepted sheet is the evidence"
NO_ALARM = "what the product itself puts into the bucket is no stray object"
VERIFIED = "an acknowledged verification stays"
EVENTS = "every event of a completed session, and no other"
COMPLIANCE = "compliance follows from the records"
TAMPERING = "the witness takes nothing that the product does for tampering"
NOT_STUCK = "nothing is stuck after recovery"


class Violation(AssertionError):
    """A rule that was broken."""

    def __init__(self, rule: str, what: str) -> None:
        super().__init__(f"{rule}: {what}")
        self.rule = rule


def require(truth: object, rule: str, *what: object) -> None:
    if not truth:
        raise Violation(rule, " ".join(map(str, what)))


def check(world: World) -> None:
    """
    Raises:
        Violation: Of the first rule that is broken.
    """
    snapshot = world.snapshot()
    _check_marks(world, snapshot)
    _check_roster(world, snapshot)
    _check_revisions(snapshot)
    _check_rest(world, snapshot)
    _check_trail(world, snapshot)
    plan = _plan(snapshot)
    _check_decision(world, plan)
    _check_records(world, plan)
    _check_session_readers(world, plan)
    _check_person_readers(world, plan)
    _check_evidence(world, snapshot)
    _check_events(world, plan)
    if Hazard.VERIFIER not in world.setup.hazards:
        _check_witness(world)
    if plan and world.setup.has_consumer:
        _check_compliance(world, snapshot)


def _check_witness(world: World) -> None:
    told = [one for one in world.database.streamed if _is_witnessed(one)]
    for change in changes_in({"Records": told}):
        require(tampering(change) is None, TAMPERING, tampering(change), change)


def _is_witnessed(told: Mapping[str, Any]) -> bool:
    return frozenset(told["dynamodb"]["Keys"]) in WITNESSED


def _plan(snapshot: Snapshot) -> Plan | None:
    try:
        return plan_of(snapshot) if snapshot.session.finalization else None
    except ManifestDiffers as error:
        raise Violation(MANIFEST, str(snapshot)) from error


def _check_marks(world: World, snapshot: Snapshot) -> None:
    marked = defaultdict[str, list[tuple[Request, Mark]]](list)
    for patch in world.history.of("patch"):
        for mark in patch.content.marks:
            marked[mark.personnel_id].append((patch, mark))
    # Records are compared with the history too, not only with the rows.
    for row in (*snapshot.attendees, *map(_as_row, world.stored_records())):
        _check_row(row, marked[row.personnel_id])


def _as_row(record: Record) -> Attendee:
    has_passed = record.result is Result.PASSED
    return Attendee(
        record.personnel_id,
        record.person_name,
        is_present=True,
        has_passed=has_passed,
        remarks=record.remarks,
    )


def _check_row(row: Attendee, about_row: list[tuple[Request, Mark]]) -> None:
    acknowledged = [patch for patch, _ in about_row if patch.answer is Answer.DONE]
    source = next((pair for pair in about_row if pair[1].remarks == row.remarks), None)
    if source is None:
        require(row.remarks is None, GHOST_PATCH, row)
        require(not acknowledged, LOST_PATCH, row, "lacks", acknowledged)
        return
    patch, mark = source
    require(patch.answer is not Answer.REFUSED, GHOST_PATCH, row, "has", patch)
    marked = (row.is_present, row.has_passed)
    require(marked == (mark.is_present, mark.has_passed), LOST_PATCH, row, "differs from", patch)
    later = [other for other in acknowledged if patch.is_before(other)]
    require(not later, LOST_PATCH, row, "lacks", later)


def _check_roster(world: World, snapshot: Snapshot) -> None:
    if snapshot.session.roster_change is not None:
        return
    seated = {(row.personnel_id, row.name) for row in snapshot.attendees}
    first = {(row.personnel_id, row.name) for row in world.roster}
    requests = list(world.history.of("register"))
    wanted = [
        {(one.personnel_id, one.name) for one in request.content}
        for request in requests
        if request.answer is not Answer.REFUSED
    ]
    if not any(request.answer is Answer.DONE for request in requests):
        wanted.append(first)
    require(seated in wanted, ROSTER, seated, "is none of", wanted)


def _check_revisions(snapshot: Snapshot) -> None:
    session, rows = snapshot.session, snapshot.attendees
    require(len(rows) == session.roster_count, REVISIONS, len(rows), "rows of", session)
    total = sum(row.fingerprint for row in rows)
    require(total == session.attendance_sum, REVISIONS, total, "of", session)


def _check_trail(world: World, snapshot: Snapshot) -> None:
    """The entries follow each other, from the first change to that of the stored session."""
    head, number = FOUNDED, 1
    for entry in world.entries():
        require((entry.sequence, entry.previous) == (number + 1, head), TRAIL, entry)
        head, number = entry.sha256, entry.sequence
        if head == snapshot.session.audit_head:
            return
    require(head == snapshot.session.audit_head, TRAIL, head, "instead of", snapshot.session)


def _check_rest(world: World, snapshot: Snapshot) -> None:
    status = snapshot.session.status
    require(status is not SessionStatus.FINALIZING, NOT_STUCK, snapshot.session)
    require(not world.owed(), NOT_STUCK, world.owed(), "entries in the outbox")
    # A session whose outbox entry appeared before itself was "not finalized" for a moment.
    for request in world.history.of("relay", Answer.DONE):
        _require_only(request, Busy, SessionNotFinalized)
    for request in world.history.of("quiet relay"):
        require(request.answer is Answer.DONE, NOT_STUCK, request)
        _require_only(request, SessionNotFinalized)


def _require_only(request: Request, *passing: type[Exception]) -> None:
    odd = [why for _, why in request.result.failures if not isinstance(why, passing)]
    require(not odd, NOT_STUCK, request, "failed with", odd)


def _check_decision(world: World, plan: Plan | None) -> None:
    decided = plan.decision.finalization_id if plan else None
    for request in world.history.of("finalize", Answer.DONE):
        _check_answer(request, plan)
    for request in world.history.of("finalize", Answer.REFUSED):
        own_id = request.content.command.finalization_id
        require(own_id != decided, ONE_DECISION, request, "was refused, and done")
        is_late = isinstance(request.result, SessionAlreadyFinalized | FinalizationInProgress)
        require(plan or not is_late, ONE_DECISION, request, "was refused for no reason")


def _check_answer(request: Request, plan: Plan | None) -> None:
    outcome, sent = request.result, request.content
    told = outcome.session.finalization
    require(plan and told == plan.decision, ONE_DECISION, request, "and", plan)
    if outcome.is_repeat:
        same_id = told.finalization_id == sent.command.finalization_id
        same_key = sent.command.key is not None and told.request_key == sent.command.key
        require(same_id or same_key, ONE_DECISION, request, "repeats nothing")
        return
    own = told.finalization_id == sent.command.finalization_id
    require(own, ONE_DECISION, request, "got another's decision")
    require(sent.confirmed in (None, (told.counts, told.course)), CONFIRMED, request)


def _check_records(world: World, plan: Plan | None) -> None:
    verified = {request.content for request in world.history.of("verify", Answer.DONE)}
    for record in world.stored_records():
        is_verified = record.status is RecordStatus.VERIFIED
        require(is_verified or record.personnel_id not in verified, VERIFIED, record)
    stored = {record.record_id: _unverified(record) for record in world.stored_records()}
    expected = {record.record_id: record for record in plan.records} if plan else {}
    require(stored == expected, ALL_OR_NOTHING, stored, "instead of", expected)


def _unverified(record: Record) -> Record:
    if record.status is not RecordStatus.VERIFIED:
        return record
    return replace(record, status=RecordStatus.PENDING_VERIFICATION)


def _check_session_readers(world: World, plan: Plan | None) -> None:
    expected = plan.records if plan else ()
    by_person = sorted(expected, key=lambda record: record.personnel_id)
    reads = list(world.history.of("records", Answer.DONE))
    for request in reads:
        seen = [_unverified(record) for record in request.result]
        require(seen in ([], by_person), ALL_OR_NOTHING, request)
    _check_no_way_back(reads, [*_reads_with_records(world), *_announcements(world)])


def _check_person_readers(world: World, plan: Plan | None) -> None:
    expected = {record.personnel_id: [record] for record in plan.records} if plan else {}
    reads = list(world.history.of("person", Answer.DONE))
    for request in reads:
        seen = [_unverified(record) for record in request.result]
        require(not seen or seen == expected.get(request.content), ALL_OR_NOTHING, request)
    appears_at_once = plan is not None and not world.finalizations.fits_one_transaction(plan)
    # A repeated request, or a read after a lost answer, may find a transaction half visible.
    proofs = [
        request
        for request in _announcements(world)
        if not request.result.is_repeat and not request.was_in_doubt
    ]
    if appears_at_once or Hazard.PERSONS in world.setup.hazards:
        proofs = [*_announcements(world), *_reads_with_records(world)]
    _check_no_way_back([read for read in reads if read.content in expected], proofs)


def _reads_with_records(world: World) -> Iterator[Request]:
    for kind in ("records", "person"):
        yield from (read for read in world.history.of(kind, Answer.DONE) if read.result)


def _announcements(world: World) -> Iterator[Request]:
    """Return the first answers that told of a completed session with records."""
    for request in world.history.of("finalize", Answer.DONE):
        session = request.result.session
        if session.status is SessionStatus.COMPLETED and session.finalization.counts.records:
            yield request


def _check_no_way_back(reads: list[Request], proofs: list[Request]) -> None:
    """Once records were seen, or announced to a client, every later read sees them."""
    first = min((proof.end for proof in proofs), default=None)
    for read in reads:
        late = first is not None and read.start > first
        require(read.result or not late, ALL_OR_NOTHING, read, "came after moment", first)


def _check_evidence(world: World, snapshot: Snapshot) -> None:
    require(not world.vault.objects, NO_ALARM, world.vault.objects)
    sheet = snapshot.session.sheet
    used = sheet.upload_id if sheet else ""
    for request in world.history.of("check"):
        key = address_of(request.content.key)
        assert key is not None, "no key of ours"
        if request.result is CheckOutcome.ACCEPTED:
            require(used >= key.upload_id, EVIDENCE, used, "instead of", key)
        if used == key.upload_id:
            require(
                request.result is not CheckOutcome.LATE, EVIDENCE, key, "was called late, and used"
            )


def _check_events(world: World, plan: Plan | None) -> None:
    delivered = {event.event_id: event for event in world.bus.delivered}
    expected: dict[str, Event] = {event.event_id: event for event in plan.events} if plan else {}
    require(delivered == expected, EVENTS, delivered, "instead of", expected)


def _check_compliance(world: World, snapshot: Snapshot) -> None:
    now = world.scheduler.now
    for row in snapshot.attendees:
        records = [one for one in world.stored_records() if one.personnel_id == row.personnel_id]
        expected = verdict_at(records, now, EXPIRING_SOON)
        if any(record.status is RecordStatus.VERIFIED for record in records):
            # The table's stream starts another calculation, which is not simulated.
            continue
        known = world.compliance.in_course(COURSE_ID, [row.personnel_id])
        require(known and known[0].verdict == expected, COMPLIANCE, known, "instead of", expected)
