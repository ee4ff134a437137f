"""
The roles of the functions, judged by a second evaluator of IAM policies beside MiniStack's.

It knows AWS's own list of actions and resources, so that a right that does not exist, or not on
such a resource, is no verdict but an error.
"""

import os
import shutil
from collections.abc import Callable

import pytest

from local.workspace import ROOT
from testing.template import as_deployed, as_written
from tests.handlers.calls import HANDLERS
from tests.handlers.needs import recorded
from tests.roles.rights import ALLOWED, Account, Right

FUNCTIONS = sorted(HANDLERS)
PACKAGE = ROOT / "node_modules/@cloud-copilot/iam-simulate"
REFUSED = {"ImplicitlyDenied", "ExplicitlyDenied"}
WITHOUT_TLS = {"aws:SecureTransport": "false", "aws:SourceIp": "203.0.113.7"}

Verdicts = dict[tuple[str, Right], str]


@pytest.fixture(scope="session")
def account() -> Account:
    """Return the deployed template, if there is somebody to judge it."""
    if not PACKAGE.is_dir() or not shutil.which("node"):
        missing = "judging roles needs Node.js, and what npm ci installs"
        if os.environ.get("ROLES_REQUIRED"):
            pytest.fail(missing)
        pytest.skip(missing)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        return Account(as_deployed(as_written()))


def judged(account: Account, rights_of: Callable[[str], set[Right]]) -> Verdicts:
    """Return the verdict on all rights of each function."""
    asked = [(function, right) for function in FUNCTIONS for right in sorted(rights_of(function))]
    return dict(zip(asked, account.verdicts(asked), strict=True))


def test_every_function_has_recorded_needs() -> None:
    """A function that is new is judged from the day it is there."""
    assert recorded().keys() == HANDLERS.keys()


def test_roles_allow_what_their_functions_do(account: Account) -> None:
    """
    Every call that the tests of the handlers have seen, what is needed rarely, and what Lambda
    does in their name.
    """
    verdicts = judged(account, account.needs)

    refused = {asked: verdict for asked, verdict in verdicts.items() if verdict != ALLOWED}

    assert len(verdicts) > len(FUNCTIONS)
    assert refused == {}


@pytest.mark.torture
def test_roles_allow_nothing_else(account: Account) -> None:
    """No other action on any table, object, key, queue, function or bus of the product."""
    everything = set(account.everything())
    verdicts = judged(account, lambda function: everything - account.could_need(function))

    allowed = {asked for asked, verdict in verdicts.items() if verdict not in REFUSED}

    assert len(verdicts) > len(everything)
    assert allowed == set()


def test_evidence_is_not_sent_without_tls(account: Account) -> None:
    """The policy of the bucket refuses even those whose role allows it."""
    asked = [
        (function, right)
        for function in FUNCTIONS
        for right in sorted(account.needs(function))
        if right.action.startswith("s3:")
    ]

    assert set(account.verdicts(asked, WITHOUT_TLS)) == {"ExplicitlyDenied"}


def test_right_that_does_not_exist_is_no_refusal(account: Account) -> None:
    """A misspelt action, or one on a resource that it cannot be taken on, is found out."""
    key, table = account.arn("SigningKey"), account.arn("RecordsTable")
    asked = [Right("dynamodb:PutItems", table), Right("dynamodb:PutItem", key)]

    verdicts = account.verdicts([("finalize_session", right) for right in asked])

    assert not {*verdicts} & {ALLOWED, *REFUSED}
