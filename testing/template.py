"""The template as CloudFormation gets it: SAM's shorthand expanded, offline."""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import cfn_flip  # type: ignore[import-untyped] # has no stubs
from samtranslator.translator import transform  # type: ignore[import-untyped] # has no stubs

from local.workspace import ROOT

Json = dict[str, Any]


@dataclass(frozen=True)
class Grant:
    """One action on one resource, as text: `dynamodb:PutItem` on `RecordsTable.Arn`."""

    action: str
    resource: str


@dataclass(frozen=True)
class Template:
    """A template in CloudFormation's long form."""

    document: Json

    def resources(self, kind: str) -> dict[str, Json]:
        """Return the properties of every resource of *kind*, by logical id."""
        return {
            name: resource["Properties"]
            for name, resource in self.document["Resources"].items()
            if resource["Type"] == kind
        }

    def properties(self, name: str) -> Json:
        """Return the properties of the resource called *name*."""
        properties: Json = self.document["Resources"][name]["Properties"]
        return properties

    @property
    def functions(self) -> dict[str, Json]:
        return self.resources("AWS::Lambda::Function")

    def role(self, function: str) -> Json:
        """Return the role that *function* runs under."""
        return self.properties(text(self.functions[function]["Role"]).removesuffix(".Arn"))

    def grants(self, function: str) -> set[Grant]:
        """Return all that the inline policies of *function*'s role allow."""
        return {
            Grant(str(action), text(resource))
            for policy in self.role(function)["Policies"]
            for statement in policy["PolicyDocument"]["Statement"]
            for action in as_list(statement["Action"])
            for resource in as_list(statement["Resource"])
        }

    def holders(self, action: str, resource: str) -> set[str]:
        """Return the functions that may take *action* on *resource*."""
        return {name for name in self.functions if Grant(action, resource) in self.grants(name)}

    def routes(self) -> Iterator[tuple[str, str, Json]]:
        """Yield method, path and operation of everything the API answers."""
        for path, operations in self.properties("Api")["Body"]["paths"].items():
            for method, operation in operations.items():
                yield method.upper(), path, operation


def text(value: object) -> str:
    """Return an intrinsic function as text: `Queue` for a Ref, `Queue.Arn` for a GetAtt."""
    match value:
        case {"Ref": name}:
            return str(name)
        case {"Fn::GetAtt": [name, attribute]}:
            return f"{name}.{attribute}"
        case {"Fn::GetAtt": str(path)}:
            return path
        case {"Fn::Sub": pattern}:
            return str(pattern)
    return str(value)


def variable_of(table: str) -> str:
    """Return the variable that names a table: COURSE_AUDIT_TABLE for CourseAuditTable."""
    return re.sub("(?<=[a-z])(?=[A-Z])", "_", table).upper()


def as_list(value: object) -> list[object]:
    """Wrap a single value in a list: policies allow either."""
    return value if isinstance(value, list) else [value]


def as_written() -> Template:
    """Read template.yaml with its intrinsic functions in long form."""
    source = (ROOT / "template.yaml").read_text()
    return Template(json.loads(json.dumps(cfn_flip.load_yaml(source))))


def as_deployed(written: Template) -> Template:
    """Expand SAM's resources into CloudFormation's."""
    document = deepcopy(written.document)
    for resource in document["Resources"].values():
        for location in {"CodeUri", "ContentUri"} & resource["Properties"].keys():
            # As `sam package` would: the translator takes an S3 address, not a folder.
            resource["Properties"][location] = "s3://bucket/key"
    return Template(transform.transform(document, {}, _NoManagedPolicies()))


class _NoManagedPolicies:
    """The template names no managed policy, so none is looked up in an account."""

    def load(self) -> dict[str, str]:
        """Know no policies."""
        return {}
