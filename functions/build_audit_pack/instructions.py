"""
The pack's VERIFY.md: how anybody checks it, with openssl and sha256sum, and nothing of ours.

The commands compare everything with what was signed: they take hashes from manifest.json, never
from VERIFY.md. Inside a JSON text every quote is escaped, so that `"sha256":"` can only be a name.
"""

from pathlib import Path

_TEMPLATE = Path(__file__).with_name("VERIFY.md")


def instructions(session_id: str, sheet: str, manifest_sha256: str) -> str:
    """
    The text for a pack whose sheet is called *sheet*.
    """
    text = _TEMPLATE.read_text()
    values = {"sessionId": session_id, "sheet": sheet, "manifestSha256": manifest_sha256}
    for name, value in values.items():
        text = text.replace(f"{{{{{name}}}}}", value)
    return text
