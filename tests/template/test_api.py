"""The API has exactly the routes of the table, needs a token, and refuses in one format."""

import json
from http import HTTPStatus

import pytest

from testing.template import Json, Template, text
from tests.routes import PREFIX, ROUTES

REFUSALS = {
    "UNAUTHORIZED": HTTPStatus.UNAUTHORIZED,
    "EXPIRED_TOKEN": HTTPStatus.UNAUTHORIZED,
    "ACCESS_DENIED": HTTPStatus.FORBIDDEN,
    "MISSING_AUTHENTICATION_TOKEN": HTTPStatus.NOT_FOUND,
    "REQUEST_TOO_LARGE": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "THROTTLED": HTTPStatus.TOO_MANY_REQUESTS,
    "DEFAULT_4XX": HTTPStatus.BAD_REQUEST,
    "INTEGRATION_TIMEOUT": HTTPStatus.GATEWAY_TIMEOUT,
    "DEFAULT_5XX": HTTPStatus.INTERNAL_SERVER_ERROR,
}


@pytest.fixture
def refusals(written: Template) -> dict[str, Json]:
    """Return the responses that the gateway gives by itself."""
    answers: dict[str, Json] = written.properties("Api")["GatewayResponses"]
    return answers


def _problem(refusal: Json) -> Json:
    """Return the document of a gateway response."""
    problem: Json = json.loads(refusal["ResponseTemplates"]["application/json"])
    return problem


def test_routes_are_those_of_the_table(template: Template) -> None:
    """
    Each call has one address and one function, what can be read by GET has HEAD beside it (RFC 9110
    §9.3.2), and there is no other route and no catch-all.
    """
    uris = {
        (method, path.removeprefix(PREFIX)): text(
            operation["x-amazon-apigateway-integration"]["uri"]
        )
        for method, path, operation in template.routes()
    }

    reads = {("HEAD", path) for method, path in ROUTES if method == "GET"}
    assert uris.keys() == ROUTES.keys() | reads
    assert all(path.startswith(PREFIX) for _, path, _ in template.routes())
    assert all(
        f"functions/${{{ROUTES[method.replace('HEAD', 'GET'), path].resource}.Arn}}/" in uri
        for (method, path), uri in uris.items()
    )


def test_routes_are_under_the_base_url(template: Template) -> None:
    """The stage is called api, so that the base is /api/v1/training."""
    stages = template.resources("AWS::ApiGateway::Stage").values()

    assert [stage["StageName"] for stage in stages] == ["api"]
    assert text(template.document["Outputs"]["ApiUrl"]["Value"]).endswith("/api/v1/training")


def test_routes_need_a_token_of_the_stack_s_users(template: Template) -> None:
    """No route is open: the authorizer knows this stack's user pool alone."""
    schemes = template.properties("Api")["Body"]["components"]["securitySchemes"]

    authorizer = schemes["CognitoAuthorizer"]["x-amazon-apigateway-authorizer"]

    assert [text(pool) for pool in authorizer["providerARNs"]] == ["UserPool.Arn"]
    assert all(
        operation["security"] == [{"CognitoAuthorizer": []}]
        for _, _, operation in template.routes()
    )


def test_bodies_pass_byte_for_byte(template: Template) -> None:
    """A scanned sheet reaches the function unchanged, and a gzipped response stays gzip."""
    api = template.properties("Api")

    assert api["BinaryMediaTypes"] == ["*/*"]


def test_requests_are_limited_and_logged(template: Template) -> None:
    """Every method has a rate limit, and each request is logged with its caller and request id."""
    (stage,) = template.resources("AWS::ApiGateway::Stage").values()
    (setting,) = stage["MethodSettings"]

    line = json.loads(stage["AccessLogSetting"]["Format"])

    assert (setting["HttpMethod"], setting["ResourcePath"]) == ("*", "/*")
    assert text(setting["ThrottlingRateLimit"]) == "RequestsPerSecond"
    assert line["requestId"] == "$context.requestId"
    assert line["actor"] == "$context.authorizer.claims.sub"


def test_refusals_have_the_status_they_state(refusals: dict[str, Json]) -> None:
    """A refusal of the gateway has a fixed status, and its document has the same one."""
    stated = {name: _problem(refusal)["status"] for name, refusal in refusals.items()}

    assert stated == {name: status.value for name, status in REFUSALS.items()}
    assert all(refusal["StatusCode"] == stated[name] for name, refusal in refusals.items())


@pytest.mark.parametrize("name", REFUSALS)
def test_refusals_are_problem_documents(refusals: dict[str, Json], name: str) -> None:
    """They have the format of the functions' refusals: type, text for a person, request id."""
    problem = _problem(refusals[name])

    headers = refusals[name]["ResponseParameters"]["Headers"]

    assert headers["Content-Type"] == "'application/problem+json'"
    assert problem["type"].startswith("urn:problem:training:")
    assert problem["title"]
    assert problem["detail"].endswith(".")
    assert problem["requestId"] == "$context.requestId"


def test_too_large_a_request_is_told_the_other_way(refusals: dict[str, Json]) -> None:
    """The refusal of a file that is too large names the way to upload it."""
    problem = _problem(refusals["REQUEST_TOO_LARGE"])

    assert "{fileName, contentType, sizeBytes, sha256}" in problem["detail"]


def test_too_many_requests_are_told_when_to_come_back(refusals: dict[str, Json]) -> None:
    """The refusal of a throttled client says how long to wait."""
    headers = refusals["THROTTLED"]["ResponseParameters"]["Headers"]

    assert headers["Retry-After"] == "'2'"
