"""
The gateway's own refusals on the embedded stack.

MiniStack leaves out the gateway responses of an imported API, so they are set once more from
the template.
"""

from typing import TYPE_CHECKING, Any

import cfn_flip  # type: ignore[import-untyped] # has no stubs

from local.stack import session
from local.workspace import ROOT

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_apigateway.literals import GatewayResponseTypeType


def set_responses(endpoint: str, account_id: str, region: str, api_id: str) -> None:
    """Let the deployed API refuse as the template says, with problem documents."""
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


def _responses() -> "dict[GatewayResponseTypeType, dict[str, Any]]":
    template = cfn_flip.load_yaml((ROOT / "template.yaml").read_text())
    return dict(template["Resources"]["Api"]["Properties"]["GatewayResponses"])
