"""What the page knows without markup keeps its rules; Node.js runs their tests."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
RULES = sorted(path.name for path in HERE.glob("*.test.js"))
# .ci/run sets it: there, what these tests need may not be missing.
REQUIRED = "BROWSER_REQUIRED"


@pytest.mark.parametrize("rules", RULES)
def test_what_the_page_knows_keeps_its_rules(rules: str) -> None:
    """Each rule stands in the JavaScript file beside this one, which Node's own runner plays."""
    node = shutil.which("node")
    if node is None and not os.environ.get(REQUIRED):
        pytest.skip("Node.js is not installed")
    assert node is not None

    played = subprocess.run(  # noqa: S603 - our own tests
        [node, "--test", HERE / rules], capture_output=True, text=True, check=False
    )

    assert played.returncode == 0, played.stdout
