"""What is in a pack beside the seal, the trail and the sheet, as far as the session has it."""

from collections.abc import Callable, Iterable, Mapping

from shared.domain.canonical import canonical
from shared.domain.seal import Seal
from shared.domain.seal_folder import SealFolder
from shared.domain.witness import TamperNote, Witnessed

# Each takes two requests, and a pack is built within 29 seconds, however much was tampered with.
_NOTES_SHOWN = 20


def summary(seal: Seal) -> Mapping[str, bytes]:
    """The signed summary; a seal of the first release has none."""
    if seal.summary is None or seal.summary_signature is None:
        return {}
    return {"summary.pdf": seal.summary, "summary.sig": seal.summary_signature}


def witnessed(copies: Iterable[bytes]) -> Mapping[str, bytes]:
    """
    The witness's copies of the trail as one, each line once: *copies* come by their first numbers,
    so what they do not share follows in order.

    No line is read. Whatever was put into the database is here, for the check to name.
    """
    lines = dict.fromkeys(line for copy in copies for line in copy.split(b"\n") if line)
    return {"witness.jsonl": b"".join(line + b"\n" for line in lines)} if lines else {}


def tampering(
    seen: Witnessed, note: Callable[[TamperNote], bytes], folder: SealFolder
) -> Mapping[str, bytes]:
    """
    The first tamper notes, a line each, and the keys of all others; where something was put over
    what the witness wrote, or beside it; and what lies in the seal's folder that is none of it.
    """
    shown = (b" ".join(note(one).split(b"\n")) for one in seen.notes[:_NOTES_SHOWN])
    others = (canonical({"note": one.key}) for one in seen.notes[_NOTES_SHOWN:])
    covered = (canonical({"putOver": key}) for key in seen.covered)
    strays = (canonical({"besideTheCopies": key}) for key in seen.strays)
    strange = (canonical({"besideTheSeal": fault}) for fault in folder.faults)
    lines = b"".join(line + b"\n" for line in (*shown, *others, *covered, *strays, *strange))
    return {"tampering.jsonl": lines} if lines else {}


def time_stamp(stamp: bytes | None, roots: bytes) -> Mapping[str, bytes]:
    """The time stamp, and the certificates (PEM) it is trusted by."""
    return {"manifest.tsr": stamp, "authority.pem": roots} if stamp and roots else {}
