"""The script that packs bring along, as the pages publish it."""

from local.workspace import ROOT
from shared.domain.canonical import sha256


def test_page_names_the_hash_of_the_script() -> None:
    """Whoever got a pack compares its script with this, and no forger writes our pages."""
    script = (ROOT / "functions" / "build_audit_pack" / "verify.sh").read_bytes()
    page = (ROOT / "docs" / "evidence.md").read_text()

    assert f"The script of this release has the SHA-256 `{sha256(script)}`" in page
