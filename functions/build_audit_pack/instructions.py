"""How to check a pack without our software: VERIFY.md for a person, verify.sh for their shell."""

from pathlib import Path

from functions.build_audit_pack import software
from shared.domain.canonical import sha256

_TEMPLATE = Path(__file__).with_name("VERIFY.md")
_CHECK = Path(__file__).with_name("verify.sh")


def instructions(session_id: str, sheet: str, manifest: bytes) -> str:
    """The text for a pack of this *manifest* whose sheet is called *sheet*."""
    text = _TEMPLATE.read_text()
    values = {
        "sessionId": session_id,
        "sheet": sheet,
        "manifestSha256": sha256(manifest),
        "software": software.of_manifest(manifest),
    }
    for name, value in values.items():
        text = text.replace(f"{{{{{name}}}}}", value)
    return text


def check() -> bytes:
    """The script, the same for every pack: it takes all hashes from what was signed."""
    return _CHECK.read_bytes()
