"""What an invocation gave: the function's answer in a form that people read, and its log."""

import base64
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What a function returned, or its error as Lambda gives it."""

    payload: Any
    log: str

    @property
    def is_error(self) -> bool:
        """Whether Lambda would call this a function error; a refusal by the API is an answer."""
        return isinstance(self.payload, dict) and "errorMessage" in self.payload

    @property
    def readable(self) -> Json:
        """Status, headers and body of an answer for the API; whatever else was returned."""
        if self.is_error:
            return {"error": self.payload}
        if isinstance(self.payload, dict) and "statusCode" in self.payload:
            return _readable(self.payload)
        return {"returned": self.payload}


def parsed(said: bytes, log: str) -> Outcome:
    """Understand what the runtime said; what is not JSON is its message about a function's end."""
    try:
        return Outcome(json.loads(said), log)
    except ValueError:
        return Outcome({"errorMessage": said.decode(errors="replace").strip()}, log)


def agrees(expected: Any, found: Any) -> bool:  # noqa: ANN401 - any part of a JSON document
    """Tell whether all that is expected was found; answers may always gain fields."""
    match expected, found:
        case dict(), dict():
            return all(name in found and agrees(expected[name], found[name]) for name in expected)
        case list(), list():
            return len(expected) == len(found) and all(map(agrees, expected, found))
    return bool(expected == found)


def _readable(answer: Json) -> Json:
    headers = {name: ", ".join(given) for name, given in answer["multiValueHeaders"].items()}
    return {
        "status": answer["statusCode"],
        "headers": headers,
        "body": _body(answer, {name.lower(): value for name, value in headers.items()}),
    }


def _body(answer: Json, headers: Mapping[str, str]) -> Any:  # noqa: ANN401 - any JSON
    content = _content(answer)
    if headers.get("content-encoding") == "gzip":
        content = gzip.decompress(content)
    if not content:
        return None
    if headers.get("content-type", "").partition(";")[0].endswith("json"):
        return json.loads(content)
    return content.decode(errors="replace")


def _content(answer: Json) -> bytes:
    body = answer.get("body") or ""
    return base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()
