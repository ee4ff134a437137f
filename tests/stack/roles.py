"""The rights of one function: what any code could do that got hold of its role."""

from functools import cache
from typing import Any

import boto3

from local import sam
from tests.stack.operator import Operator


class Role:
    """The role of one function, named by its folder, with credentials that are valid for it."""

    def __init__(self, operator: Operator, function: str) -> None:
        self._stack = operator.stack
        name = operator.resources[sam.logical_id(function)]
        role = operator.lambda_.get_function_configuration(FunctionName=name)["Role"]
        self._session = _session(operator)
        sts = self._session.client("sts", endpoint_url=self._stack.endpoint)
        self._granted = sts.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]

    def client(self, service: Any) -> Any:  # noqa: ANN401 - the stubs' overloads take literals
        """Return a client that calls with these credentials."""
        return self._session.client(
            service,
            endpoint_url=self._stack.endpoint_of(service),
            aws_access_key_id=self._granted["AccessKeyId"],
            aws_secret_access_key=self._granted["SecretAccessKey"],
            aws_session_token=self._granted["SessionToken"],
        )


@cache
def _session(operator: Operator) -> boto3.Session:
    """Read the descriptions of the services once for all clients, which takes its time."""
    return operator.stack.session()
