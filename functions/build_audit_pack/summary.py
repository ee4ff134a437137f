"""
The summary of a pack for reading: who was there, what came of it, and what was signed.
"""

import json
from collections.abc import Mapping
from typing import IO, Any

from functions.build_audit_pack.paper import BOLD, Paper


def write_summary(manifest: bytes, manifest_sha256: str, file: IO[bytes]) -> None:
    """
    Write the summary of *manifest* as PDF.
    """
    decided = json.loads(manifest)
    footer = f"Summary of the manifest with SHA-256 {manifest_sha256}"
    paper = Paper(file, decided["session"]["title"], footer)
    _session(paper, decided)
    _signature(paper, decided)
    _grounds(paper, decided, manifest_sha256)
    _people(paper, decided)
    paper.finish()


def _session(paper: Paper, decided: Mapping[str, Any]) -> None:
    session, course = decided["session"], decided["course"]
    trainer = session["trainer"]
    paper.line("Training record", BOLD, 14)
    paper.gap()
    paper.line(session["title"], BOLD, 11)
    paper.line(f"{course['title']}, version {course.get('version', 'none')}")
    paper.line(f"{session['startsAt']} to {session['endsAt']} ({session['timezone']})")
    paper.line(f"Trainer: {trainer['name']} {trainer.get('qualification', '')}")


def _signature(paper: Paper, decided: Mapping[str, Any]) -> None:
    decision = decided["finalization"]
    paper.gap()
    paper.line("Signed off", BOLD)
    paper.line(f"by {decision['finalizedBy']['name']} at {decision['finalizedAt']}")
    paper.line(f'meaning: "{decision["meaning"]}"')


def _grounds(paper: Paper, decided: Mapping[str, Any], manifest_sha256: str) -> None:
    evidence = decided["evidence"]
    paper.gap()
    paper.line("What it rests on", BOLD)
    paper.line(f"sheet: {evidence['fileName']}")
    paper.line(f"SHA-256 of the sheet: {evidence['sha256']}")
    paper.line(f"SHA-256 of the manifest: {manifest_sha256}")
    paper.line(f"SHA-256 of the audit trail up to here: {decided['auditHead']}")
    paper.line(
        "The company's key signed the manifest (ECDSA P-256). VERIFY.md says how to check sheet, "
        "manifest, signature and audit trail without this company's software."
    )


def _people(paper: Paper, decided: Mapping[str, Any]) -> None:
    records = {record["personnelId"]: record for record in decided["records"]}
    counts = decided["finalization"]["counts"]
    people = f"{len(decided['attendees'])} people"
    passed, failed, absent = (counts[name] for name in ("passed", "failed", "absent"))
    paper.gap()
    paper.line(f"{people}: {passed} passed, {failed} failed, {absent} absent", BOLD)
    paper.row("name", "job title", "result", "valid to", "kind", font=BOLD)
    for person in decided["attendees"]:
        record = records.get(person["personnelId"])
        paper.row(person["name"], person.get("jobTitle", ""), *_outcome(record))


def _outcome(record: Mapping[str, Any] | None) -> tuple[str, str, str]:
    if record is None:
        return "absent", "", ""
    return record["result"], record["expiryDate"] or "no expiry", record["kind"]
