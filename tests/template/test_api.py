"""The API: exactly the routes of the design, closed to strangers, refusing in one language."""

import json
from http import HTTPStatus

import pytest

from tests.template.cloudformation import Json, Template, text

SESSIONS = "/v1/training/sessions"
ROUTES = {
    ("PUT", "/v1/training/courses/{courseId}"): "RegisterCourseFunction",
    ("GET", SESSIONS): "ViewSessionFunction",
    ("GET", f"{SESSIONS}/{{sessionId}}"): "ViewSessionFunction",
    ("PUT", f"{SESSIONS}/{{sessionId}}"): "RegisterSessionFunction",
    ("GET", f"{SESSIONS}/{{sessionId}}/evidence"): "ViewSessionFunction",
    ("POST", f"{SESSIONS}/{{sessionId}}/evidence"): "UploadEvidenceFunction",
    ("PATCH", f"{SESSIONS}/{{sessionId}}/attendance"): "SaveAttendanceFunction",
    ("POST", f"{SESSIONS}/{{sessionId}}/finalize"): "FinalizeSessionFunction",
    ("GET", f"{SESSIONS}/{{sessionId}}/audit"): "ViewAuditFunction",
    ("GET", f"{SESSIONS}/{{sessionId}}/verification"): "VerifySessionFunction",
    ("GET", f"{SESSIONS}/{{sessionId}}/audit-pack"): "BuildAuditPackFunction",
    ("GET", f"{SESSIONS}/{{sessionId}}/records"): "ViewSessionFunction",
    ("GET", "/v1/training/personnel/{personnelId}/compliance"): "ViewComplianceFunction",
}
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
    """Return what the gateway answers by itself."""
    answers: dict[str, Json] = written.properties("Api")["GatewayResponses"]
    return answers


def _problem(refusal: Json) -> Json:
    """Return the document the gateway answers with."""
    problem: Json = json.loads(refusal["ResponseTemplates"]["application/json"])
    return problem


def test_routes_are_those_of_the_design(template: Template) -> None:
    """Each call has one address and one function; there is nothing else, and no catch-all."""
    uris = {
        (method, path): text(operation["x-amazon-apigateway-integration"]["uri"])
        for method, path, operation in template.routes()
    }

    assert uris.keys() == ROUTES.keys()
    assert all(f"functions/${{{ROUTES[route]}.Arn}}/" in uri for route, uri in uris.items())


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
    """A scanned sheet reaches the function unharmed, and a gzipped answer stays gzip."""
    api = template.properties("Api")

    assert api["BinaryMediaTypes"] == ["*/*"]


def test_requests_are_limited_and_logged(template: Template) -> None:
    """Every method has a rate, and every request leaves a line that names caller and request id."""
    (stage,) = template.resources("AWS::ApiGateway::Stage").values()
    (setting,) = stage["MethodSettings"]

    line = json.loads(stage["AccessLogSetting"]["Format"])

    assert (setting["HttpMethod"], setting["ResourcePath"]) == ("*", "/*")
    assert text(setting["ThrottlingRateLimit"]) == "RequestsPerSecond"
    assert line["requestId"] == "$context.requestId"
    assert line["actor"] == "$context.authorizer.claims.sub"


def test_refusals_have_the_status_they_state(refusals: dict[str, Json]) -> None:
    """What the gateway refuses by itself has a fixed status, and its document says the same."""
    stated = {name: _problem(refusal)["status"] for name, refusal in refusals.items()}

    assert stated == {name: status.value for name, status in REFUSALS.items()}
    assert all(refusal["StatusCode"] == stated[name] for name, refusal in refusals.items())


@pytest.mark.parametrize("name", REFUSALS)
def test_refusals_are_problem_documents(refusals: dict[str, Json], name: str) -> None:
    """They look like those of the functions: a stable type, a text for a person, the request id."""
    problem = _problem(refusals[name])

    headers = refusals[name]["ResponseParameters"]["Headers"]

    assert headers["Content-Type"] == "'application/problem+json'"
    assert problem["type"].startswith("urn:problem:training:")
    assert problem["title"]
    assert problem["detail"].endswith(".")
    assert problem["requestId"] == "$context.requestId"


def test_too_large_a_request_is_told_the_other_way(refusals: dict[str, Json]) -> None:
    """A file the gateway cannot carry is refused with the way that does carry it."""
    problem = _problem(refusals["REQUEST_TOO_LARGE"])

    assert "{fileName, contentType, sizeBytes, sha256}" in problem["detail"]


def test_too_many_requests_are_told_when_to_come_back(refusals: dict[str, Json]) -> None:
    """A throttled client learns how long to wait."""
    headers = refusals["THROTTLED"]["ResponseParameters"]["Headers"]

    assert headers["Retry-After"] == "'2'"
