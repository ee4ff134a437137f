"""
Several SAM commands in one process, because importing SAM takes seconds.

    PYTHONSAFEPATH=1 .venv/sam/bin/python local/sam_commands.py <arguments of each, as JSON>

Prints the output of each, as JSON. The first command that fails ends the process.
"""

import json
import sys
from contextlib import redirect_stdout
from io import BytesIO, TextIOWrapper

from samcli.cli.main import cli


def said(arguments: list[str]) -> str:
    """Run one command, and return what it prints."""
    # Text over bytes, like the real stdout, because SAM writes to both.
    printed = BytesIO()
    paper = TextIOWrapper(printed, write_through=True)
    with redirect_stdout(paper):
        cli(arguments, standalone_mode=False)
    return printed.getvalue().decode()


if __name__ == "__main__":
    json.dump([said(arguments) for arguments in json.loads(sys.argv[1])], sys.stdout)
