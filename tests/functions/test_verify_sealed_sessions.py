"""The nightly check: fresh seals, a share of the others, and signed reports that form a chain."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest

from functions.stamp_seals.use_case import stamp_seal
from functions.verify_sealed_sessions.reports import ReportExists
from functions.verify_sealed_sessions.use_case import (
    FRESH,
    SelfCheck,
    verify_sealed_sessions,
)
from shared.application.time_left import HasTimeLeft
from shared.domain.audit import Action, ChainPosition, FieldChange, new_entry
from shared.domain.canonical import canonical, sha256
from shared.domain.errors import Busy
from shared.domain.night import is_due
from shared.domain.people import Person
from shared.domain.seal_folder import SealPart
from shared.domain.session import SessionStatus
from shared.domain.tampering import Table
from shared.storage.vault import register_key, report_keys, stamp_key
from testing.authority import FakeAuthority
from testing.builders import NOW, SESSION_ID, a_change, a_cuid
from testing.fakes import no_hurry
from testing.vault import FakeSigner, is_signed_by
from tests.functions.sealed import Sealed

PERIOD = 90
DAY = timedelta(days=1)
# Some night long after, in which nothing is fresh and the session is not due.
LATER = next(
    night
    for night in (NOW + timedelta(days=days) for days in count(10))
    if not is_due(SESSION_ID, night.date(), PERIOD)
)
DUE = next(
    night
    for night in (NOW + timedelta(days=days) for days in count(10))
    if is_due(SESSION_ID, night.date(), PERIOD)
)


class Nights:
    """The nights after a session was sealed."""

    def __init__(self, sealed: Sealed | None = None) -> None:
        self.sealed = sealed or Sealed()
        self.world = self.sealed.world
        self.reporter = self.world.reporter
        self.reported: list[str] = []

    def check(self, now: datetime = NOW + DAY, has_time_left: HasTimeLeft = no_hurry) -> SelfCheck:
        """Run the check of this night."""
        checked = verify_sealed_sessions(now, self.world, has_time_left)
        self.reported.append(report_keys(now).report)
        self.stamp(now)
        return checked

    def stamp(self, now: datetime) -> None:
        """Have the last report stamped, as the bucket's notification does, if that is possible."""
        if isinstance(self.world.authority, FakeAuthority) and not self.world.authority.is_away:
            self.world.authority.now = now
            stamp_seal(self.reported[-1], self.world)

    def faults(self, now: datetime = NOW + DAY) -> tuple[str, ...]:
        """Run it, and return what is wrong with the session."""
        return tuple(fault for finding in self.check(now).findings for fault in finding.faults)

    @property
    def report(self) -> Any:  # noqa: ANN401 - any JSON
        return json.loads(self.world.vault.objects[self.reported[-1]])

    @property
    def named(self) -> list[str]:
        """The sessions in the last report."""
        return [session["sessionId"] for session in self.report["sessions"]]

    def vanish(self) -> None:
        """Delete the session, its records and its trail."""
        for entry in self.sealed.entries():
            self.world.trail.remove(SESSION_ID, entry.sequence)
        self.world.sessions.forget(SESSION_ID)
        for number in (1, 2):
            self.world.records.forget(a_cuid(number))


def test_night_reports_what_is_intact() -> None:
    """It names the sessions, and the last entry of their trails."""
    night = Nights()

    assert night.check().findings == ()
    (found,) = night.report["sessions"]
    assert (found["sessionId"], found["intact"]) == (SESSION_ID, True)
    assert found["trailEnd"] == night.sealed.entries()[-1].sha256


def test_night_signs_its_report() -> None:
    """The key of reports cannot sign a manifest."""
    night = Nights()
    night.check()

    report, signature = (
        night.world.vault.objects[key]
        for key in (night.reported[0], night.reported[0].replace(".json", ".sig"))
    )

    assert canonical(night.report) == report
    assert is_signed_by(night.reporter.public_key(), sha256(report), signature)
    assert not is_signed_by(night.world.signer.public_key(), sha256(report), signature)


def test_report_is_stored_after_its_signature() -> None:
    """Whatever ends the function, no report lies there unsigned."""
    night = Nights()
    night.check()

    before, last = [key for key in night.world.vault.objects if key.startswith("reports/")]

    assert (before[-4:], last[-5:]) == (".sig", ".json")


def test_two_runs_never_report_in_the_same_second() -> None:
    """The second one is repeated later."""
    night = Nights()
    night.check()

    with pytest.raises(ReportExists):
        night.check()


def test_report_whose_answer_was_lost_is_stored() -> None:
    """The repeated request finds what the first one stored, and that is no other run's."""
    night = Nights()
    put_once = night.world.vault.put_once

    def put_twice(key: str, body: bytes, content_type: str, until: datetime) -> bool:
        put_once(key, body, content_type, until)
        return put_once(key, body, content_type, until)

    night.world.vault.put_once = put_twice  # type: ignore[method-assign] # as a lost answer

    assert night.check().findings == ()
    assert night.named == [SESSION_ID]


def test_night_names_what_is_not_intact() -> None:
    """It names what the verification names, and the report has it too."""
    night = Nights()
    night.world.records.forget(a_cuid(1))

    (finding,) = night.check().findings

    assert finding.session_id == SESSION_ID
    assert finding.faults == (
        f"RECORDS: record {night.sealed.record(1).record_id} of {a_cuid(1)} is missing",
    )
    assert night.report["sessions"][0]["intact"] is False


def test_night_names_what_cannot_be_verified() -> None:
    """A session that makes the verification fail is a finding, and does not end the run."""
    night = Nights()
    night.world.sessions.unreadable[SESSION_ID] = ValueError("torn")

    assert night.faults() == ("could not be verified: ValueError('torn')",)


def test_night_does_not_call_broken_what_gave_no_answer() -> None:
    """No answer from database, bucket or key says nothing about a session."""
    night = Nights()
    night.world.sessions.unreadable[SESSION_ID] = Busy()

    checked = night.check()

    assert checked.findings == ()
    assert [(name, type(failure)) for name, failure in checked.unanswered] == [(SESSION_ID, Busy)]
    assert (night.named, night.report["notReached"]) == ([], [SESSION_ID])


class TestWitness:
    """The night sees whether the witness looks at all."""

    def test_stream_that_was_exchanged_is_named_in_the_report(self) -> None:
        """Switched off and on it is another one, and the witness follows the old one for good."""
        nights = Nights()
        nights.world.watch.streams[Table.AUDIT] = "another stream"

        checked = nights.check()

        (fault,) = checked.witness_faults
        assert "a stream of Audit that has ended" in fault
        assert nights.report["faults"] == [fault]

    def test_night_reports_although_nobody_tells_of_the_streams(self) -> None:
        """The run fails after its report, and is repeated."""
        nights = Nights()
        nights.world.watch.failure = Busy()

        checked = nights.check()

        assert checked.witness_faults == ()
        assert checked.unanswered == (("the witness", nights.world.watch.failure),)
        assert (nights.named, nights.report["notReached"]) == ([SESSION_ID], [])


class TestWhichSeals:
    """The fresh ones, and each other one once in a period."""

    @pytest.mark.parametrize(
        ("night", "is_checked"),
        [
            (NOW + timedelta(hours=1), True),
            (NOW + FRESH, True),
            (LATER, False),
            (DUE, True),
            (DUE + timedelta(days=PERIOD * 40), True),
        ],
    )
    def test_seal_is_checked_while_fresh_and_once_in_every_period(
        self, night: datetime, *, is_checked: bool
    ) -> None:
        """However old it is."""
        nights = Nights()

        nights.check(night)

        assert bool(nights.named) is is_checked

    def test_period_is_a_parameter(self) -> None:
        """A shorter one holds from the next night on."""
        nights = Nights()
        nights.world.seal_check_days = 1

        nights.check(LATER)

        assert nights.named == [SESSION_ID]

    def test_seal_of_the_first_release_is_checked_too(self) -> None:
        """No register names it, but it has a folder."""
        nights = Nights()
        vault = nights.world.vault
        del vault.objects[register_key(SESSION_ID, NOW)]
        for part in SealPart:
            if body := vault.objects.pop(nights.sealed.key(part), None):
                vault.objects[f"seals/{SESSION_ID}/fin-1/{part}"] = body

        faults = nights.faults(DUE)

        assert nights.named == [SESSION_ID]
        # Its time stamp lies elsewhere: the first release had none.
        assert {fault.partition(":")[0] for fault in faults} <= {"TIME_STAMP"}

    def test_session_that_was_never_sealed_is_named_however_old(self) -> None:
        """Somebody who writes to the database can invent one, but gives it no seal."""
        nights = Nights()
        nights.world.vault.objects.clear()

        assert "MANIFEST: it is not stored" in nights.faults(DUE)

    def test_records_without_a_session_are_named(self) -> None:
        """The witness saw them written, and no index of the database needs to know."""
        nights = Nights()
        nights.vanish()
        nights.world.vault.objects.clear()
        nights.world.vault.put_once(f"witness/records/{SESSION_ID}/ab.jsonl", b"", "", NOW)

        (fault,) = nights.faults(DUE)

        assert fault.endswith("there is no such session any more")

    def test_session_whose_records_are_being_written_is_no_finding(self) -> None:
        """A large one has records before it is completed, and no seal yet."""
        nights = Nights()
        nights.world.vault.objects.clear()
        nights.world.vault.put_once(f"witness/records/{SESSION_ID}/ab.jsonl", b"", "", NOW)
        nights.sealed.store(status=SessionStatus.FINALIZING)

        assert nights.faults(DUE) == ()
        assert nights.named == [SESSION_ID]

    def test_night_catches_up_on_the_nights_that_failed(self) -> None:
        """No seal waits for its next turn because its night did not come about."""
        nights = Nights()
        nights.check(DUE - DAY)

        nights.check(DUE + 2 * DAY)

        assert nights.named == [SESSION_ID]

    def test_session_is_verified_once_a_night(self) -> None:
        """Being chosen twice is being checked once."""
        nights = Nights()
        nights.world.seal_check_days = 1

        nights.check()

        assert nights.named == [SESSION_ID]

    def test_fresh_session_without_a_seal_is_a_finding(self) -> None:
        """No vault knows of it, but the database does."""
        nights = Nights()
        nights.world.vault.objects.clear()

        assert "MANIFEST: it is not stored" in nights.faults()

    def test_session_that_is_being_sealed_is_no_finding(self) -> None:
        """A night may come between the decision and its seal; the next one checks it."""
        nights = Nights()
        del nights.world.vault.objects[nights.sealed.key(SealPart.SUMMARY_SIGNATURE)]

        assert nights.faults(NOW + timedelta(minutes=14)) == ()
        assert nights.faults(NOW + DAY) != ()

    def test_what_is_not_reached_is_counted_and_comes_first_in_the_next_night(self) -> None:
        """Even if it would not be its turn then."""
        nights = Nights()
        checked = nights.check(DUE, lambda: False)
        assert checked == SelfCheck((), (), (), (SESSION_ID,), ())
        assert (nights.named, nights.report["notReached"]) == ([], [SESSION_ID])

        nights.check(DUE + DAY)

        assert (nights.named, nights.report["notReached"]) == ([SESSION_ID], [])


class TestSession:
    """A seal needs its session."""

    @pytest.mark.parametrize("night", [NOW + DAY, DUE])
    def test_session_that_is_gone_is_named(self, night: datetime) -> None:
        """The database knows nothing of it, but its seal lies in the vault."""
        nights = Nights()
        nights.vanish()

        assert nights.faults(night) == (
            "SESSION: it was finalized, and there is no such session any more",
        )

    @pytest.mark.parametrize(
        "status", [one for one in SessionStatus if one is not SessionStatus.COMPLETED]
    )
    def test_session_in_another_state_is_named(self, status: SessionStatus) -> None:
        """There is no way back from a seal."""
        nights = Nights()
        nights.sealed.store(status=status)

        assert nights.faults() == (f"SESSION: it was finalized, and is {status} now",)

    def test_session_without_its_decision_is_named(self) -> None:
        """Completed it may be called, but nothing says by whom."""
        nights = Nights()
        nights.sealed.store(finalization=None)

        assert nights.faults() == (
            "SESSION: it was finalized, and names neither decision nor sheet now",
        )

    def test_session_that_was_registered_anew_is_named(self) -> None:
        """The seal of the true one is there, and of another manifest."""
        nights = Nights()
        stored = nights.world.sessions.stored(SESSION_ID).session
        assert stored.finalization is not None
        decision = replace(stored.finalization, finalization_id="x", manifest_sha256="0" * 64)
        nights.sealed.store(finalization=decision)

        subjects = {fault.partition(":")[0] for fault in nights.faults()}

        assert {"MANIFEST", "SESSION", "RECORDS"} <= subjects


class TestTrail:
    """What was added after the signature is vouched for by the reports."""

    def test_entry_that_was_cut_off_is_named_from_then_on(self) -> None:
        """The report of an earlier night ended with it."""
        nights = Nights()
        nights.sealed.note_late()
        end = nights.sealed.entries()[-1]
        assert nights.faults() == ()
        nights.world.trail.remove(SESSION_ID, end.sequence)

        later = [nights.faults(NOW + 2 * DAY), nights.faults(NOW + 3 * DAY), nights.faults(DUE)]

        fault = f"the entry {end.sha256} is gone, with which a report says that it ended"
        assert [faults[-1] for faults in later] == [f"AUDIT_TRAIL: {fault}"] * 3

    def test_entry_that_was_exchanged_is_named(self) -> None:
        """Also if the chain is as long as before."""
        nights = Nights()
        nights.sealed.note_late()
        nights.check()
        nights.world.trail.remove(SESSION_ID, nights.sealed.entries()[-1].sequence)
        nights.world.trail.append(SESSION_ID, Action.VERIFIED, a_change("forged"), [])

        assert any("is gone" in fault for fault in nights.faults(NOW + 2 * DAY))

    def test_entry_that_no_function_wrote_is_named(self) -> None:
        """It is chained as it should be, and its hash is right: only its origin is not."""
        nights = Nights()
        last = nights.sealed.entries()[-1]
        end = ChainPosition(SESSION_ID, last.sequence + 1, last.sha256)
        said = a_change(by=Person("u-1", "Inspector of the Ministry"))
        entry = new_entry(end, Action.VERIFIED, said, [FieldChange("", "intact", None, True)])
        nights.world.trail.add(replace(entry, origin="ab" * 32))

        (fault,) = nights.faults()

        assert fault.startswith(f"AUDIT_TRAIL: entry {entry.sequence} was not written by")

    def test_trail_that_goes_on_is_intact(self) -> None:
        """New entries follow the end that was reported."""
        nights = Nights()
        nights.check()
        nights.sealed.note_late()

        assert nights.faults(NOW + 2 * DAY) == ()

    def test_end_of_a_session_that_is_gone_stays_in_the_reports(self) -> None:
        """If it comes back, then with its trail."""
        nights = Nights()
        end = nights.sealed.entries()[-1].sha256
        nights.check()
        nights.vanish()

        nights.check(NOW + 2 * DAY)

        assert nights.report["sessions"][0]["trailEnd"] == end


class TestReports:
    """Each report follows the one before, and none can be hidden or exchanged."""

    def test_report_follows_the_one_before(self) -> None:
        """By its name and its hash; a stack's first one follows none."""
        nights = Nights()
        nights.check()
        first = nights.report
        nights.check(NOW + 2 * DAY)

        assert first["follows"] is None
        assert nights.report["follows"] == {
            "key": nights.reported[0],
            "sha256": sha256(canonical(first)),
        }

    def test_night_without_a_report_is_named(self) -> None:
        """Nobody can stop the check unnoticed."""
        nights = Nights()
        nights.check()

        checked = nights.check(NOW + 3 * DAY)

        (fault,) = checked.report_faults
        assert fault.startswith("there is no report between the nights of")
        assert nights.report["faults"] == [fault]

    @pytest.mark.parametrize("over", [None, b"{}"])
    def test_report_that_was_hidden_is_named_and_read(self, over: bytes | None) -> None:
        """What was stored first counts, whatever was put over it."""
        nights = Nights()
        nights.check()
        nights.world.vault.overwrite(nights.reported[0], over)

        (fault,) = nights.check(NOW + 2 * DAY).report_faults

        assert f"was put over {nights.reported[0]}" in fault
        assert nights.report["follows"]["key"] == nights.reported[0]

    def test_report_that_is_not_ours_is_named_and_vouches_for_nothing(self) -> None:
        """A stranger's report neither follows nor says how trails ended."""
        nights = Nights()
        forged = canonical({"reportVersion": 2})
        keys = report_keys(NOW)
        nights.world.vault.put_once(keys.report, forged, "", NOW)
        nights.world.vault.put_once(keys.signature, FakeSigner().sign(sha256(forged)), "", NOW)

        checked = nights.check()

        assert checked.report_faults == (f"{keys.report} is not signed with our key",)
        assert nights.report["follows"] is None

    def test_report_that_was_copied_is_named_and_vouches_for_nothing(self) -> None:
        """A genuine one under a later key would be the last word on a trail and fill a gap."""
        nights = Nights()
        nights.check()
        first, vault = nights.reported[0], nights.world.vault
        later = report_keys(NOW + 2 * DAY)
        vault.put_once(later.report, vault.objects[first], "", NOW)
        vault.put_once(later.signature, vault.objects[first.replace(".json", ".sig")], "", NOW)

        faults = nights.check(NOW + 3 * DAY).report_faults

        assert faults[0] == f"{later.report} is a copy of {first}"
        assert faults[1].startswith("there is no report between the nights of")
        assert nights.report["follows"]["key"] == first

    def test_report_without_a_signature_is_named(self) -> None:
        """It vouches for nothing."""
        nights = Nights()
        nights.check()
        del nights.world.vault.objects[nights.reported[0].replace(".json", ".sig")]

        faults = nights.check(NOW + 2 * DAY).report_faults

        assert faults == (f"{nights.reported[0]} is not signed with our key",)

    def test_report_that_follows_what_is_not_there_is_named(self) -> None:
        """One report was removed, which the vault does not allow."""
        nights = Nights()
        for days in (1, 2):
            nights.check(NOW + days * DAY)
        first, second = nights.reported
        del nights.world.vault.objects[first]

        faults = nights.check(NOW + 3 * DAY).report_faults

        assert faults == (f"{second} follows {first}, which is not there as it was",)

    def test_old_reports_are_not_read_but_must_be_there(self) -> None:
        """What is read stays the same from year to year; traces are looked for on all."""
        nights = Nights()
        nights.check()
        for days in range(PERIOD + 10, PERIOD + 13):
            nights.check(NOW + days * DAY)
        assert len(nights.report["faults"]) == 1
        nights.check(NOW + 2 * PERIOD * DAY)
        nights.world.vault.overwrite(nights.reported[0], None)
        nights.check(NOW + (2 * PERIOD + 1) * DAY)

        faults = nights.check(NOW + (3 * PERIOD) * DAY).report_faults

        assert faults[0] == f"a delete marker was put over {nights.reported[0]}"

    def test_report_that_nobody_outside_stamped_is_named(self) -> None:
        """It has two nights to get its stamp; the authority may be away."""
        nights = Nights()
        assert isinstance(nights.world.authority, FakeAuthority)
        nights.world.authority.is_away = True
        nights.check()

        before = nights.check(NOW + 2 * DAY)
        after = nights.check(NOW + 3 * DAY)

        assert before.report_faults == ()
        assert after.report_faults == (f"{nights.reported[0]} is not stamped",)

    def test_report_that_was_dated_back_is_named(self) -> None:
        """Whoever holds the key of the reports can write one of last month, but not its stamp."""
        nights = Nights()
        nights.check()
        key = nights.reported[0]
        del nights.world.vault.objects[stamp_key(key)]
        nights.stamp(NOW + 40 * DAY)
        nights.check(NOW + 2 * DAY)

        (fault,) = nights.check(NOW + 3 * DAY).report_faults

        assert fault.startswith(f"{key} was stamped at 2026-04-19")

    def test_stamp_of_another_report_is_named(self) -> None:
        """A genuine stamp of other bytes says nothing about this report."""
        nights = Nights()
        nights.check()
        assert nights.world.authority
        nights.world.vault.objects[stamp_key(nights.reported[0])] = nights.world.authority.stamp(
            b"another"
        )
        nights.check(NOW + 2 * DAY)

        (fault,) = nights.check(NOW + 3 * DAY).report_faults

        assert fault.startswith(f"{nights.reported[0]} is stamped by nobody")

    @pytest.mark.parametrize("is_named", [True, False])
    def test_report_needs_no_stamp_before_there_was_an_authority(self, is_named: bool) -> None:
        """On a stack without one, or before it was named."""
        nights = Nights()
        assert isinstance(nights.world.authority, FakeAuthority)
        nights.world.authority.is_away = True
        nights.world.time_stamps_since = (NOW + 2 * DAY).date()
        if not is_named:
            nights.world.authority = None

        for days in (1, 2, 3):
            assert nights.check(NOW + days * DAY).report_faults == ()

    def test_run_that_is_repeated_follows_the_run_before(self) -> None:
        """The chain has two reports of that night, and no fault."""
        nights = Nights()
        nights.check()
        nights.check(NOW + DAY + timedelta(minutes=1))

        checked = nights.check(NOW + 2 * DAY)

        assert (checked.findings, checked.report_faults) == ((), ())
