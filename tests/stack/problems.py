"""The refusals of the API in which the deployment has a part."""

from typing import NamedTuple

import httpx

PREFIX = "urn:problem:training:"


class Problem(NamedTuple):
    """What a client can rely on in a refusal."""

    status: int
    slug: str
    title: str


UNAUTHORIZED = Problem(401, "unauthorized", "Unauthorized")
FORBIDDEN = Problem(403, "forbidden", "Forbidden")
FINALIZED = Problem(409, "session-finalized", "Session Already Finalized")


def problem(response: httpx.Response) -> Problem:
    """Read a refusal, and check that it has the form of RFC 9457 and DESIGN §6."""
    assert response.headers["Content-Type"] == "application/problem+json", response.text
    body = response.json()
    assert body["status"] == response.status_code
    assert body["type"].startswith(PREFIX)
    assert body["requestId"]
    path = response.url.path.partition("/_user_request_")[2]
    assert body["instance"] in {path, body["requestId"]}, "the gateway's own refusals name the id"
    assert body["detail"].endswith("."), "the detail is a sentence for a person"
    assert "Traceback" not in response.text
    return Problem(body["status"], body["type"].removeprefix(PREFIX), body["title"])
