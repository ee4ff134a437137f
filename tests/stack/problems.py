"""The refusals of the API: every problem that DESIGN §6 knows, with its status and its title."""

from typing import NamedTuple

import httpx

PREFIX = "urn:problem:training:"


class Problem(NamedTuple):
    """What a client can rely on in a refusal."""

    status: int
    slug: str
    title: str


INVALID = Problem(400, "invalid-request", "Invalid Request")
UNKNOWN_PEOPLE = Problem(400, "unknown-attendees", "Unknown Attendees")
EVIDENCE_MISSING = Problem(400, "evidence-missing", "Evidence Missing")
UNAUTHORIZED = Problem(401, "unauthorized", "Unauthorized")
FORBIDDEN = Problem(403, "forbidden", "Forbidden")
NOT_FOUND = Problem(404, "not-found", "Not Found")
CANCELLED = Problem(409, "session-cancelled", "Session Cancelled")
FINALIZED = Problem(409, "session-finalized", "Session Already Finalized")
FINALIZING = Problem(409, "finalization-in-progress", "Finalization In Progress")
BEING_CHECKED = Problem(409, "evidence-being-checked", "Evidence Being Checked")
ROSTER_INCOMPLETE = Problem(409, "roster-incomplete", "Roster Incomplete")
STALE_VIEW = Problem(412, "stale-view", "Stale View")
TOO_LARGE = Problem(413, "evidence-too-large", "Evidence Too Large")
UNSUPPORTED = Problem(415, "unsupported-evidence", "Unsupported Evidence")


def problem(response: httpx.Response) -> Problem:
    """Read a refusal, and insist on the form that RFC 9457 and DESIGN §6 give it."""
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


def pointers(response: httpx.Response) -> set[str]:
    """Return the JSON pointers to all the fields that a refusal names."""
    return {fault["pointer"] for fault in response.json()["errors"]}
