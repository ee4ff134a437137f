"""
Several SAM commands in one process, because importing SAM takes seconds.

    PYTHONSAFEPATH=1 .venv/sam/bin/python local/sam_commands.py <arguments of each, as JSON>

Prints what each of them printed, as JSON. A command that fails ends all.
"""

import json
import sys
from contextlib import redirect_stdout
from io import BytesIO, TextIOWrapper

from samcli.cli.main import cli


def said(arguments: list[str]) -> str:
    """Run one command, and return what it prints."""
    # Of text over bytes, as the real one is: SAM writes to both.
    printed = BytesIO()
    paper = TextIOWrapper(printed, write_through=True)
    with redirect_stdout(paper):
        cli(arguments, standalone_mode=False)
    return printed.getvalue().decode()


if __name__ == "__main__":
    json.dump([said(arguments) for arguments in json.loads(sys.argv[1])], sys.stdout)
