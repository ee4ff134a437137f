"""A function as a stack has it: its configuration, and credentials of its role."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local import artifacts, sam
from local.ministack import tables_at
from local.stack import Stack
from local.workspace import ROOT

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_lambda import LambdaClient

FUNCTIONS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/handler.py"))


@dataclass(frozen=True)
class Function:
    """What a stack knows of a function, which is named by its folder."""

    folder: str
    handler: str
    timeout: int
    memory: int
    layers: tuple[str, ...]
    log_level: str
    variables: dict[str, str]

    @property
    def logical_id(self) -> str:
        """The name in the template, and that of the folder it is built into."""
        return sam.logical_id(self.folder)

    def paths(self, build: Path = artifacts.BUILD) -> list[Path]:
        """Where Lambda looks for modules: in the artifact, then in the layers."""
        return [build / self.logical_id, *(build / layer / "python" for layer in self.layers)]


class Deployment:
    """The functions of a stack."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        session = stack.session()
        self._lambda: LambdaClient = session.client("lambda", endpoint_url=stack.endpoint)
        self._sts = session.client("sts", endpoint_url=stack.endpoint)
        self._cloudformation: CloudFormationClient = session.client(
            "cloudformation", endpoint_url=stack.endpoint
        )

    def function(self, folder: str) -> Function:
        """
        Return the function of *folder*, set up as Lambda does it.

        Its calls go to this stack, with the rights of its own role and no others.
        """
        configured = self._configuration(folder)
        variables = configured["Environment"]["Variables"] | {
            "AWS_ENDPOINT_URL": self._stack.endpoint,
            "AWS_REGION": self._stack.region,
            "AWS_DEFAULT_REGION": self._stack.region,
            **self._credentials(configured["Role"]),
            **tables_at(self._stack.dynamodb_url),
        }
        return Function(
            folder=folder,
            handler=configured["Handler"],
            timeout=configured["Timeout"],
            memory=configured["MemorySize"],
            layers=tuple(_name(layer["Arn"]) for layer in configured["Layers"]),
            log_level=configured["LoggingConfig"]["ApplicationLogLevel"],
            variables=variables,
        )

    def _configuration(self, folder: str) -> Any:  # noqa: ANN401 - the stubs make every part optional
        name = self._names[sam.logical_id(folder)]
        return self._lambda.get_function_configuration(FunctionName=name)

    @cached_property
    def _names(self) -> dict[str, str]:
        pages = self._cloudformation.get_paginator("list_stack_resources")
        return {
            resource["LogicalResourceId"]: resource["PhysicalResourceId"]
            for page in pages.paginate(StackName=self._stack.stack_name)
            for resource in page["StackResourceSummaries"]
        }

    def _credentials(self, role: str) -> dict[str, str]:
        granted = self._sts.assume_role(RoleArn=role, RoleSessionName="invoke")["Credentials"]
        return {
            "AWS_ACCESS_KEY_ID": granted["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": granted["SecretAccessKey"],
            "AWS_SESSION_TOKEN": granted["SessionToken"],
        }


def _name(layer: str) -> str:
    """The name in a layer's ARN, arn:aws:lambda:region:account:layer:name:version."""
    return layer.split(":")[6]
