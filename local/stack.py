"""
A deployed stack: where it is, what it is made of, who may use it.

`.local/stack.json` is this, in camelCase, for every tool that wants it.
"""

import os
from pathlib import Path
from typing import Self

import boto3
import botocore.session
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from local.workspace import STATE

STACK_FILE = STATE / "stack.json"
# Each as botocore wants it: name in a file, in the environment, default, conversion.
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
    """Written in camelCase, read either way, never changed."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)


class User(Record):
    """One person who can sign in; the password never shows in a log."""

    username: str
    password: str = Field(repr=False)


class Tables(Record):
    """Names of the tables."""

    sessions: str
    courses: str
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
    region: str
    account_id: str
    stack_name: str
    bucket: str
    tables: Tables
    bus: str
    user_pool_id: str
    user_pool_client_id: str
    users: dict[str, User] = {}
    pid: int

    @classmethod
    def read(cls, path: Path = STACK_FILE) -> Self:
        """
        Read the stack that `make up` described.

        Raises:
            StackNotUp: Nothing was started, or it was taken down.
        """
        try:
            return cls.model_validate_json(path.read_text())
        except FileNotFoundError:
            raise StackNotUp from None

    def write(self, path: Path = STACK_FILE) -> None:
        """Describe this stack in *path*, readable by its owner alone: it holds passwords."""
        path.touch(mode=0o600)
        path.write_text(self.model_dump_json(by_alias=True, indent=2) + "\n")

    def session(self) -> boto3.Session:
        """
        Credentials that may do anything in this stack and nothing anywhere else.

        Give every client `endpoint_url=stack.endpoint`.
        """
        return session(self.account_id, self.region)


def session(account_id: str, region: str) -> boto3.Session:
    """
    Root credentials of *account_id*: MiniStack takes an account's number as its root key.

    The person's own AWS profile and configuration are left out.
    """
    return boto3.Session(
        aws_access_key_id=account_id,
        aws_secret_access_key="unused",  # noqa: S106 - nobody checks it; the name says so
        region_name=region,
        botocore_session=botocore.session.Session(session_vars=UNCONFIGURED),
    )
