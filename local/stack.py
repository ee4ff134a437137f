"""
A deployed stack: its addresses, its resources and its users.

`.local/stack.json` holds it in camelCase, for any tool.
"""

import os
from pathlib import Path
from typing import Self

import boto3
import botocore.session
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from local.workspace import STATE
from shared.domain.release import UNKNOWN

STACK_FILE = STATE / "stack.json"
# In botocore's form: name in a file, name in the environment, default, conversion.
UNCONFIGURED = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


class StackNotUp(Exception):
    """There is no stack in the background."""

    def __init__(self) -> None:
        super().__init__("No stack is up. Start one with: make up")


class Record(BaseModel):
    """An immutable model, written in camelCase, read in camelCase or snake_case."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)


class User(Record):
    """A person who can sign in; the password is hidden in logs."""

    username: str
    password: str = Field(repr=False)


class Tables(Record):
    """Names of the tables."""

    sessions: str
    courses: str
    course_audit: str
    records: str
    compliance: str
    outbox: str
    audit: str
    sheets: str


class Stack(Record):
    """A stack on an embedded server, ready to be used."""

    endpoint: str
    api_url: str
    console_url: str | None = None
    console_pid: int | None = None
    authority_url: str | None = None
    authority_pid: int | None = None
    # Where the tables are, if AWS's own engine holds them and not MiniStack.
    dynamodb_url: str | None = None
    dynamodb_pid: int | None = None
    streams_pid: int | None = None
    region: str
    account_id: str
    stack_name: str
    bucket: str
    tables: Tables
    bus: str
    user_pool_id: str
    user_pool_client_id: str
    # The commit it was built from.
    release: str = UNKNOWN
    users: dict[str, User] = {}
    pid: int

    @classmethod
    def read(cls, path: Path = STACK_FILE) -> Self:
        """
        Read the stack that `make up` described.

        Raises:
            StackNotUp: No stack was started, or it was stopped.
        """
        try:
            return cls.model_validate_json(path.read_text())
        except FileNotFoundError:
            raise StackNotUp from None

    def write(self, path: Path = STACK_FILE) -> None:
        """Write this stack to *path*, readable only by its owner, because it holds passwords."""
        path.touch(mode=0o600)
        path.write_text(self.model_dump_json(by_alias=True, indent=2) + "\n")

    def session(self) -> boto3.Session:
        """
        A session with all rights in this stack and none elsewhere.

        Give every client `endpoint_url=stack.endpoint_of(service)`.
        """
        return session(self.account_id, self.region)

    def endpoint_of(self, service: str) -> str:
        """Return where *service* is reached: tables may be in an engine of their own."""
        return self.dynamodb_url or self.endpoint if service == "dynamodb" else self.endpoint


def session(account_id: str, region: str) -> boto3.Session:
    """
    A session with root credentials of *account_id*: to MiniStack, an account's number is its key.

    The user's own AWS profile and configuration are not used.
    """
    return boto3.Session(
        aws_access_key_id=account_id,
        aws_secret_access_key="unused",  # noqa: S106 - it is not checked
        region_name=region,
        botocore_session=botocore.session.Session(session_vars=UNCONFIGURED),
    )
