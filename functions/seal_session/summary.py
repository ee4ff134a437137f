"""The summary of a manifest: what a person reads of what was decided, attested to and signed."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from functions.seal_session.pdf import Pdf
from functions.seal_session.typefaces import BOLD
from shared.domain.canonical import sha256
from shared.domain.days import local
from shared.domain.session import sheet_order

# For all remarks: 40 s of a processor. The largest roster, in any language, takes two thirds of it;
# letters of all scripts in turn would take ten minutes.
MOST_EFFORT = 3_000_000
_TOO_LONG = "in manifest.json under this id, because all remarks together are too long to print"
_COLUMNS = ("name and id", "job title", "result", "valid through", "record")


def summary_of(manifest: bytes, most_effort: int = MOST_EFFORT) -> bytes:
    """The summary as PDF; of the same manifest always the same bytes."""
    decided = json.loads(manifest)
    digest = sha256(manifest)
    named = f"manifest {digest}"
    # The check of a pack looks for the manifest's hash among the properties of the file.
    pdf = Pdf(decided["session"]["title"], named, f"session {decided['sessionId']}, {named}")
    _session(pdf, decided)
    _signature(pdf, decided)
    _sheet(pdf, decided)
    _hashes(pdf, decided, digest)
    _people(pdf, decided, most_effort)
    return pdf.finish()


def _session(pdf: Pdf, decided: Mapping[str, Any]) -> None:
    session, course = decided["session"], decided["course"]
    trainer = session["trainer"]
    pdf.line("Training record", font=BOLD, size=14)
    pdf.gap()
    pdf.line(session["title"], font=BOLD, size=11)
    pdf.line("session:", decided["sessionId"])
    pdf.line("course:", f"{course['title']},", "version", course.get("version", "none"))
    pdf.line(_when(session))
    if "location" in session:
        pdf.line("place:", session["location"])
    pdf.line("trainer:", trainer["name"], f"(id {trainer['id']})", trainer.get("qualification", ""))


def _when(session: Mapping[str, Any]) -> str:
    """Days and hours by the clocks of the place. Manifests of version 1 do not name the days."""
    zone = session["timezone"]
    start, end = (local(_read(session[name]), zone) for name in ("startsAt", "endsAt"))
    first = session.get("firstDay", str(start.date()))
    last = session.get("lastDay", str(end.date()))
    days = first if first == last else f"{first} to {last}"
    return f"{days}, {start:%H:%M} to {end:%H:%M} ({zone})"


def _signature(pdf: Pdf, decided: Mapping[str, Any]) -> None:
    decision = decided["finalization"]
    by, zone = decision["finalizedBy"], decided["session"]["timezone"]
    pdf.gap()
    pdf.line("Signed off", font=BOLD)
    pdf.line("by", *_account(by), _moment(decision["finalizedAt"], zone))
    pdf.line(f'meaning: "{decision["meaning"]}"')
    _software(pdf, decided.get("release"))
    # Manifests of version 1 know no warnings.
    for warning in decision.get("warnings", []):
        is_seen = warning["slug"] in decision["acknowledged"]
        seen = ("acknowledged by", *_account(by)) if is_seen else ("not acknowledged",)
        pdf.line("warning:", warning["detail"])
        pdf.line(*seen, indent=True)


def _software(pdf: Pdf, release: Mapping[str, Any] | None) -> None:
    """Which software decided. Manifests before version 3 do not say it."""
    if release is not None:
        pdf.line("decided by the software of version", release["version"])
        pdf.line(f"SHA-256 of its function: {release['functionSha256']}", indent=True)


def _sheet(pdf: Pdf, decided: Mapping[str, Any]) -> None:
    sheet, zone = decided["evidence"], decided["session"]["timezone"]
    pdf.gap()
    pdf.line("The signed sheet", font=BOLD)
    pdf.line("file:", sheet["fileName"], f"({sheet['contentType']}, {sheet['sizeBytes']} bytes)")
    pdf.line("uploaded by", *_account(sheet["uploadedBy"]), _moment(sheet["uploadedAt"], zone))
    pdf.line(f"SHA-256: {sheet['sha256']}")


def _hashes(pdf: Pdf, decided: Mapping[str, Any], digest: str) -> None:
    pdf.gap()
    pdf.line("What was signed", font=BOLD)
    pdf.line(f"SHA-256 of the manifest: {digest}")
    pdf.line(f"SHA-256 of the audit trail up to here: {decided['auditHead']}")
    pdf.line(
        "The company's key signed the manifest and this summary of it (ECDSA P-256). VERIFY.md in "
        "an audit pack says how to check sheet, manifest, summary, signatures and audit trail "
        "without this company's software."
    )


def _people(pdf: Pdf, decided: Mapping[str, Any], most_effort: int) -> None:
    """The list, in the order of the sheet, so that one can be laid beside the other."""
    records = {record["personnelId"]: record for record in decided["records"]}
    counts = decided["finalization"]["counts"]
    people = f"{len(decided['attendees'])} people"
    passed, failed, absent = (counts[name] for name in ("passed", "failed", "absent"))
    unmarked = sum(not person.get("isMarked", True) for person in decided["attendees"])
    never = f", {unmarked} of them never marked" if unmarked else ""
    pdf.gap()
    pdf.line(f"{people}: {passed} passed, {failed} failed, {absent} absent{never}", font=BOLD)
    pdf.begin_table(*_COLUMNS)
    left = most_effort
    for person in sorted(decided["attendees"], key=_sheet_order):
        record = records.get(person["personnelId"])
        cells = (person["name"], person.get("jobTitle", ""), *_outcome(person, record))
        pdf.row(*cells, note=person["personnelId"])
        remarks = person.get("remarks", "")
        left -= pdf.effort(remarks)
        if remarks:
            pdf.line("remarks:", remarks if left >= 0 else _TOO_LONG, indent=True)


def _sheet_order(person: Mapping[str, Any]) -> tuple[str, str]:
    return sheet_order(person["name"], person["personnelId"])


def _account(person: Mapping[str, Any]) -> tuple[str, str]:
    """Names can be alike; the id is the one the identity service gave the account."""
    return str(person["name"]), f"(account {person['id']})"


def _moment(text: str, zone: str) -> str:
    """A moment by the clocks of the place, and by those of everywhere."""
    moment = _read(text)
    here, utc = local(moment, zone), moment.astimezone(UTC)
    return f"on {here:%Y-%m-%d at %H:%M:%S} ({zone}), {utc:%Y-%m-%d %H:%M:%S} UTC"


def _read(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


def _outcome(person: Mapping[str, Any], record: Mapping[str, Any] | None) -> tuple[str, str, str]:
    if record is None:
        # Manifests of version 1 do not tell who was never marked.
        return "absent" if person.get("isMarked", True) else "not marked", "", ""
    kind, last = record["kind"].lower(), str(record["expiryDate"] or "no expiry")
    # A failure has the date too, but it is no validity, and there is nothing to verify.
    if record["result"] != "PASSED":
        return "failed", "", kind
    if record["status"] == "PENDING_VERIFICATION":
        return "passed", f"{last}, once verified", f"{kind}, pending verification"
    return "passed", last, kind
