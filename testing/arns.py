"""The template's intrinsic functions in the form AWS gives them at run time: names and ARNs."""

import re
from typing import Any

from testing.template import Template

ACCOUNT = "111122223333"
REGION = "eu-central-1"
_PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::StackName": "training",
}
# What follows `arn:aws:` for a resource called {0}.
_ARNS = {
    "AWS::DynamoDB::Table": f"dynamodb:{REGION}:{ACCOUNT}:table/{{0}}",
    "AWS::Events::EventBus": f"events:{REGION}:{ACCOUNT}:event-bus/{{0}}",
    "AWS::Events::Rule": f"events:{REGION}:{ACCOUNT}:rule/{{0}}",
    "AWS::KMS::Key": f"kms:{REGION}:{ACCOUNT}:key/{{0}}",
    "AWS::Lambda::EventSourceMapping": f"lambda:{REGION}:{ACCOUNT}:event-source-mapping:{{0}}",
    "AWS::Lambda::Function": f"lambda:{REGION}:{ACCOUNT}:function:{{0}}",
    "AWS::S3::Bucket": "s3:::{0}",
    "AWS::SQS::Queue": f"sqs:{REGION}:{ACCOUNT}:{{0}}",
}
_STREAM = "/stream/2026-01-01T00:00:00.000"
_PARAMETER = re.compile(r"\$\{([^}]+)\}")


class Arns:
    """What the references of a template stand for, in one account."""

    def __init__(self, template: Template) -> None:
        self._resources = template.document["Resources"]

    def resolved(self, value: Any) -> Any:  # noqa: ANN401 - any part of a template
        """Return *value* with all references in it replaced."""
        match value:
            case {"Ref": name}:
                return self._named(name)
            case {"Fn::GetAtt": [name, attribute]}:
                return self._named(f"{name}.{attribute}")
            case {"Fn::Sub": str(pattern)}:
                return _PARAMETER.sub(lambda found: self._named(found[1]), pattern)
            case dict():
                return {name: self.resolved(part) for name, part in value.items()}
            case list():
                return [self.resolved(part) for part in value]
        return value

    def arn(self, name: str) -> str:
        """Return the ARN of the resource called *name*."""
        return f"arn:aws:{_ARNS[self._resources[name]['Type']].format(self._named(name))}"

    def _named(self, reference: str) -> str:
        name, _, attribute = reference.partition(".")
        if attribute == "Arn":
            return self.arn(name)
        if attribute == "StreamArn":
            return self.arn(name) + _STREAM
        if reference in _PSEUDO:
            return _PSEUDO[reference]
        own = self._resources.get(name, {}).get("Properties", {})
        return str(self.resolved(own["BucketName"])) if "BucketName" in own else name
