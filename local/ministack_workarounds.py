"""
Applies the parts of the template that MiniStack ignores when it deploys.

These are the gateway responses of an imported API and the Object Lock of a bucket.
"""

from typing import TYPE_CHECKING, Any

import cfn_flip  # type: ignore[import-untyped] # has no stubs

from local.stack import session
from local.workspace import ROOT

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_apigateway.literals import GatewayResponseTypeType
    from mypy_boto3_s3 import S3Client


def set_responses(endpoint: str, account_id: str, region: str, api_id: str) -> None:
    """Set the template's gateway responses, which are problem documents, on the deployed API."""
    client: APIGatewayClient = session(account_id, region).client(
        "apigateway", endpoint_url=endpoint
    )
    for kind, response in _responses().items():
        client.put_gateway_response(
            restApiId=api_id,
            responseType=kind,
            statusCode=str(response["StatusCode"]),
            responseTemplates=response["ResponseTemplates"],
            responseParameters={
                f"gatewayresponse.header.{name}": value
                for name, value in response["ResponseParameters"]["Headers"].items()
            },
        )
    client.create_deployment(restApiId=api_id, stageName="api")


def lock_objects(endpoint: str, account_id: str, region: str, bucket: str) -> None:
    """Set the template's Object Lock on *bucket*."""
    client: S3Client = session(account_id, region).client("s3", endpoint_url=endpoint)
    client.put_object_lock_configuration(
        Bucket=bucket, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"}
    )


def _responses() -> "dict[GatewayResponseTypeType, dict[str, Any]]":
    template = cfn_flip.load_yaml((ROOT / "template.yaml").read_text())
    return dict(template["Resources"]["Api"]["Properties"]["GatewayResponses"])
