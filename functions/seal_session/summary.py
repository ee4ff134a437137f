"""The summary of a manifest: what a person reads of what was decided, attested to and signed."""

import json
from collections.abc import Mapping
from typing import Any

from functions.seal_session.clocks import moment, period
from functions.seal_session.pdf import Pdf
from functions.seal_session.statements import about, is_lost, statement
from shared.domain.canonical import sha256
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
    pdf.heading("Training record", size=14)
    pdf.gap()
    pdf.heading(session["title"], size=11)
    pdf.line("session:", decided["sessionId"])
    pdf.line("course:", course["title"])
    pdf.line("version of the course:", course.get("version", "none was given"))
    pdf.line(period(session))
    if "location" in session:
        pdf.line("place:", session["location"])
    pdf.line("trainer:", trainer["name"], f"(id {trainer['id']})", trainer.get("qualification", ""))


def _signature(pdf: Pdf, decided: Mapping[str, Any]) -> None:
    decision = decided["finalization"]
    by, zone = decision["finalizedBy"], decided["session"]["timezone"]
    pdf.gap()
    pdf.heading("Signed off")
    pdf.line("by", *_account(by), moment(decision["finalizedAt"], zone))
    pdf.line(f'meaning: "{decision["meaning"]}"')
    _software(pdf, decided.get("release"))
    # Manifests of version 1 know no warnings.
    for warning in decision.get("warnings", []):
        is_seen = warning["slug"] in decision["acknowledged"]
        seen = ("acknowledged by", *_account(by)) if is_seen else ("not acknowledged",)
        pdf.line("warning:", statement(warning, decided))
        if people := about(warning, decided):
            pdf.line("about", *people, indent=True)
        pdf.line(*seen, indent=True)


def _software(pdf: Pdf, release: Mapping[str, Any] | None) -> None:
    """Which software decided. Manifests before version 3 do not say it."""
    if release is not None:
        pdf.line("decided by the software of version", release["version"])
        pdf.line(f"SHA-256 of its function: {release['functionSha256']}", indent=True)


def _sheet(pdf: Pdf, decided: Mapping[str, Any]) -> None:
    sheet, zone = decided["evidence"], decided["session"]["timezone"]
    pdf.gap()
    pdf.heading("The signed sheet")
    pdf.line("file:", sheet["fileName"], f"({sheet['contentType']}, {sheet['sizeBytes']} bytes)")
    pdf.line("uploaded by", *_account(sheet["uploadedBy"]), moment(sheet["uploadedAt"], zone))
    pdf.line(f"SHA-256: {sheet['sha256']}")


def _hashes(pdf: Pdf, decided: Mapping[str, Any], digest: str) -> None:
    pdf.gap()
    pdf.heading("What was signed")
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
    pdf.gap()
    pdf.begin_table(*_COLUMNS, title=_totals(decided))
    left = most_effort
    for person in sorted(decided["attendees"], key=_sheet_order):
        record = records.get(person["personnelId"])
        cells = (person["name"], person.get("jobTitle", ""), *_outcome(person, record))
        remarks = person.get("remarks", "")
        pdf.row(*cells, note=person["personnelId"], lines_below=1 if remarks else 0)
        left -= pdf.effort(remarks)
        if remarks:
            shown = remarks if left >= 0 else _TOO_LONG
            whose = ("remarks on", person["name"], f"({person['personnelId']}), continued")
            pdf.line("remarks:", shown, indent=True, continued=whose)


def _totals(decided: Mapping[str, Any]) -> str:
    people, counts = decided["attendees"], decided["finalization"]["counts"]
    passed, failed, absent = (counts[name] for name in ("passed", "failed", "absent"))
    # Manifests of version 1 do not tell who was never marked.
    unmarked = sum(not person.get("isMarked", True) for person in people)
    lost = sum(map(is_lost, people))
    never = f", {unmarked} of them never marked" if unmarked else ""
    also = f", {lost} of them marked as failed" if lost else ""
    return f"{len(people)} people: {passed} passed, {failed} failed, {absent} absent{never}{also}"


def _sheet_order(person: Mapping[str, Any]) -> tuple[str, str]:
    return sheet_order(person["name"], person["personnelId"])


def _account(person: Mapping[str, Any]) -> tuple[str, str]:
    """Names can be alike; the id is the one the identity service gave the account."""
    return str(person["name"]), f"(account {person['id']})"


def _outcome(person: Mapping[str, Any], record: Mapping[str, Any] | None) -> tuple[str, str, str]:
    if record is None:
        absent = "absent, marked as failed" if is_lost(person) else "absent"
        return absent if person.get("isMarked", True) else "not marked", "", ""
    kind, last = record["kind"].lower(), str(record["expiryDate"] or "no expiry")
    # A failure has the date too, but it is no validity, and there is nothing to verify.
    if record["result"] != "PASSED":
        return "failed", "", kind
    if record["status"] == "PENDING_VERIFICATION":
        return "passed", f"{last}, once verified", f"{kind}, pending verification"
    return "passed", last, kind
