"""A client of the training API for one signed-in person: a method per call."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any, Self

import httpx

from local.demo.waiting import wait_for
from local.samples.data import Course, Mark, Session

Json = dict[str, Any]
PATIENCE_SECONDS = 30


class UnexpectedAnswer(Exception):
    """The API's answer has another status than the caller expects."""


@dataclass(frozen=True)
class Answer:
    """The answer to *call*. A refusal is an answer, too; only `expect` raises."""

    call: str
    status: int
    body: Json
    etag: str

    def expect(self, *statuses: int) -> Self:
        if self.status not in statuses:
            wanted = " or ".join(map(str, statuses))
            raise UnexpectedAnswer(
                f"{self.call} answered {self.status} instead of {wanted}: {self.said}"
            )
        return self

    @property
    def title(self) -> str:
        return str(self.body.get("title", ""))

    @property
    def said(self) -> str:
        """The detail of a problem document, or the whole body if it is not one."""
        parts = [str(self.body[part]) for part in ("title", "detail") if part in self.body]
        return ": ".join(parts) or str(self.body)


class Client:
    """*api_url* is the base of paths like ``/sessions/...``; *token* says who the person is."""

    def __init__(self, api_url: str, token: str) -> None:
        self._http = httpx.Client(
            base_url=api_url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=PATIENCE_SECONDS,
            trust_env=False,  # No proxy between this machine and itself.
        )

    def close(self) -> None:
        """End its connections."""
        self._http.close()

    def put_course(self, course_id: str, course: Course) -> Answer:
        return _answer(self._http.put(f"/courses/{course_id}", json=course))

    def put_session(self, session_id: str, session: Session) -> Answer:
        return _answer(self._http.put(f"/sessions/{session_id}", json=session))

    def session(self, session_id: str) -> Answer:
        return _answer(self._http.get(f"/sessions/{session_id}"))

    def upload_sheet(self, session_id: str, name: str, content: bytes, content_type: str) -> Answer:
        parts = {"file": (name, content, content_type)}
        return _answer(self._http.post(f"/sessions/{session_id}/evidence", files=parts))

    def announce_sheet(
        self, session_id: str, name: str, content: bytes, content_type: str
    ) -> Answer:
        """Ask for permission to upload a sheet; `put_sheet` uses the answer."""
        announcement = {
            "fileName": name,
            "contentType": content_type,
            "sizeBytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        return _answer(self._http.post(f"/sessions/{session_id}/evidence", json=announcement))

    def fetch_sheet(self, session_id: str) -> bytes:
        """Ask for a link to the accepted sheet, and follow it."""
        link = _answer(self._http.get(f"/sessions/{session_id}/evidence")).expect(200).body
        response = httpx.get(link["url"], timeout=PATIENCE_SECONDS, trust_env=False)
        _answer(response).expect(200)
        return response.content

    def verification(self, session_id: str) -> Answer:
        return _answer(self._http.get(f"/sessions/{session_id}/verification"))

    def fetch_pack(self, session_id: str) -> bytes | None:
        """Ask for a link to the audit pack, and follow it; None if it is not complete yet."""
        answer = _answer(self._http.get(f"/sessions/{session_id}/audit-pack"))
        if answer.status == HTTPStatus.CONFLICT:
            return None
        link = answer.expect(200).body
        response = httpx.get(link["url"], timeout=PATIENCE_SECONDS, trust_env=False)
        _answer(response).expect(200)
        return response.content

    def save_attendance(
        self, session_id: str, marks: Sequence[Mark], *, if_match: str | None = None
    ) -> Answer:
        path, body = f"/sessions/{session_id}/attendance", {"attendees": marks}
        headers = _present({"If-Match": if_match})
        return _answer(self._http.patch(path, json=body, headers=headers))

    def finalize(
        self, session_id: str, *, if_match: str | None = None, key: str | None = None
    ) -> Answer:
        headers = _present({"If-Match": if_match, "Idempotency-Key": key})
        return _answer(self._http.post(f"/sessions/{session_id}/finalize", headers=headers))

    def records(self, session_id: str) -> list[Json]:
        answer = _answer(self._http.get(f"/sessions/{session_id}/records"))
        items: list[Json] = answer.expect(200).body["items"]
        return items

    def compliance(self, personnel_id: str, course_id: str, as_of: date) -> Json | None:
        """One person's standing in one course; None if nothing was calculated yet."""
        path, day = f"/personnel/{personnel_id}/compliance", {"asOf": as_of.isoformat()}
        items: list[Json] = _answer(self._http.get(path, params=day)).expect(200).body["items"]
        return next((item for item in items if item["courseId"] == course_id), None)

    def wait_for_hash(self, session_id: str) -> Json:
        """Wait until the uploaded sheet is checked; return whether it was accepted or rejected."""

        def checked_evidence() -> Json | None:
            evidence: Json = self.session(session_id).expect(200).body["evidence"]
            return evidence if evidence["state"] in {"ACCEPTED", "REJECTED"} else None

        return wait_for("the uploaded sheet to be hashed", checked_evidence)


def put_sheet(place: Json, content: bytes) -> None:
    """Upload *content* as the answer to `announce_sheet` says: with its headers and no token."""
    response = httpx.request(
        place["method"],
        place["url"],
        content=content,
        headers=place["headers"],
        timeout=PATIENCE_SECONDS,
        trust_env=False,
    )
    _answer(response).expect(200)


def _present(headers: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if value is not None}


def _answer(response: httpx.Response) -> Answer:
    call = f"{response.request.method} {response.request.url.path}"
    return Answer(call, response.status_code, _body(response), response.headers.get("ETag", ""))


def _body(response: httpx.Response) -> Json:
    """The body as JSON; a gateway in between may answer with text, which is kept."""
    if "json" not in response.headers.get("Content-Type", ""):
        return {"detail": response.text[:300]}
    body: Json = response.json()
    return body
