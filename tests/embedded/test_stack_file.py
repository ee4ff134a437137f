"""What `make up` stores, and what `make down` does with it."""

import json
import os
import stat
from pathlib import Path

import psutil
import pytest

from local import sam
from local.console import process
from local.ministack import Server, is_running, stop
from local.stack import Stack, StackNotUp, Tables, User


def a_stack() -> Stack:
    tables = Tables(
        sessions="s",
        courses="c",
        course_audit="d",
        records="r",
        compliance="k",
        outbox="o",
        audit="a",
        sheets="u",
    )
    return Stack(
        endpoint="http://127.0.0.1:4566",
        api_url="http://127.0.0.1:4566/restapis/1/api/_user_request_/v1/training",
        region="eu-central-1",
        account_id="000000000000",
        stack_name="training-sessions",
        bucket="evidence",
        tables=tables,
        bus="bus",
        user_pool_id="pool",
        user_pool_client_id="client",
        users={"admin": User(username="admin", password="Not-a-secret-1")},
        pid=os.getpid(),
    )


def test_a_stack_reads_as_it_was_written(tmp_path: Path) -> None:
    """No value is lost, and names are camelCase for tools in other languages."""
    path = tmp_path / "stack.json"

    a_stack().write(path)

    assert Stack.read(path) == a_stack()
    assert {"apiUrl", "consoleUrl", "userPoolClientId"} <= json.loads(path.read_text()).keys()


def test_passwords_are_for_their_owner_only(tmp_path: Path) -> None:
    """No one else on the machine can read the file, and no password is in a log."""
    path = tmp_path / "stack.json"

    a_stack().write(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "Not-a-secret-1" not in repr(a_stack())


def test_without_a_stack_the_next_step_is_named(tmp_path: Path) -> None:
    """Without a stack the message says how to start one."""
    with pytest.raises(StackNotUp, match="make up"):
        Stack.read(tmp_path / "stack.json")


def test_a_stranger_with_our_number_is_left_alone(tmp_path: Path) -> None:
    """Only a server of this very directory is ended, not another process of the same number."""
    stranger = Server(tmp_path, "http://127.0.0.1:4566", os.getpid())

    stop(stranger)

    assert not is_running(stranger)


def test_a_stranger_with_the_consoles_number_is_left_alone(tmp_path: Path) -> None:
    """Only the console of this file is ended, not another process of the same number."""
    process.stop(os.getpid(), tmp_path / "stack.json")

    assert psutil.Process().is_running()


def test_a_folder_names_its_function() -> None:
    """Folders and logical ids have the same words, written differently."""
    assert sam.logical_id("save_attendance") == "SaveAttendanceFunction"
