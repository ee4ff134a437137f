"""How an answer travels: what a client accepts, and what a Lambda may return."""

import base64
import gzip
import hashlib
import json

import pytest
from aws_lambda_powertools.event_handler import Response

from shared.domain.errors import AnswerTooLarge
from shared.runtime.delivery import MOST_BYTES, Preferences, delivered, prefers_gzip

JSON = "application/json"
TAG = '"7.4.0a1b2c3d"'
ACCEPTED = {
    None: False,
    "": False,
    "gzip": True,
    "GZip": True,
    "x-gzip": True,
    "gzip, deflate, br": True,
    "deflate, br": False,
    "*": True,
    "*;q=0.5, identity;q=0": True,
    "gzip;q=0": False,
    "gzip; q=0.000": False,
    "gzip;q=0, *": False,
    "*;q=0": False,
    "identity": False,
    "identity;q=0, gzip;q=0.001": True,
    "gzip;q=0.5, identity;q=0.5": True,
    "gzip;q=0.5, identity": False,
    "gzip;q=0.5, *;q=0.8": False,
    "gzip;q=2": False,
    "gzip;q=": False,
    "gzip;level=9": False,
    "notgzip": False,
    "gzip-like, br": False,
    ",,gzip,": True,
}


def an_answer(body: str = "{}", status: int = 200) -> Response[str]:
    """Return an answer with a tag."""
    return Response(status, JSON, body, {"ETag": TAG})


def sent(response: Response[str]) -> bytes:
    """Return the bytes a client gets."""
    body = response.body or ""
    return base64.b64decode(body) if response.base64_encoded else body.encode()


def size(response: Response[str]) -> int:
    """Return what of the body counts for Lambda's limit."""
    return len(json.dumps(response.body))


def noise(kilobytes: int) -> str:
    """Return text that no compression makes smaller than three quarters of itself."""
    return base64.b64encode(hashlib.shake_128(b"noise").digest(kilobytes * 750)).decode()


@pytest.mark.parametrize(("header", "wanted"), ACCEPTED.items(), ids=str)
def test_gzip_is_sent_to_whoever_wants_it(header: str | None, wanted: bool) -> None:
    """Weights decide; a weight of nothing is a refusal (RFC 9110 §12.5.3)."""
    assert prefers_gzip(header) is wanted


def test_answer_is_compressed() -> None:
    """The bytes are those of the same text."""
    response = delivered(an_answer("[1, 2]"), Preferences("GET", JSON, "gzip"))

    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(sent(response)) == b"[1, 2]"


@pytest.mark.parametrize("accept", [None, "", " "])
def test_answer_to_a_client_that_names_no_type_is_text(accept: str | None) -> None:
    """Without an Accept header, API Gateway would hand it the base64 itself."""
    response = delivered(an_answer("[1, 2]"), Preferences("GET", accept, "gzip"))

    assert "Content-Encoding" not in response.headers
    assert (response.body, response.base64_encoded) == ("[1, 2]", False)


def test_answer_that_does_not_fit_as_text_travels_as_bytes() -> None:
    """A body full of quotes doubles as text; in base64 it grows by a third only."""
    body = json.dumps(["x"] * 900_000)

    response = delivered(an_answer(body), Preferences("GET", JSON, "identity"))

    assert sent(response) == body.encode()
    assert size(response) < MOST_BYTES < len(json.dumps(body))


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (json.dumps(["x"] * 900_000), Preferences("GET", None, "gzip")),
        ("x" * 7_000_000, Preferences("GET", JSON, "identity")),
        (noise(9_000), Preferences("GET", JSON, "gzip")),
    ],
    ids=["as text", "as bytes", "compressed"],
)
def test_answer_larger_than_a_lambda_may_give_is_refused(body: str, wanted: Preferences) -> None:
    """The client learns how to ask instead of getting a gateway's error."""
    with pytest.raises(AnswerTooLarge, match="gzip"):
        delivered(an_answer(body), wanted)


def test_answer_to_head_has_the_headers_alone() -> None:
    """HEAD tells what GET would, without the body (RFC 9110 §9.3.2)."""
    response = delivered(an_answer("[1, 2]"), Preferences("HEAD", JSON, "gzip"))

    assert (response.status_code, response.body) == (200, "")
    assert response.headers == {"ETag": TAG, "Content-Type": JSON}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_answer_that_is_known_is_not_sent_again(method: str) -> None:
    """A client that has it learns that it is still good."""
    response = delivered(an_answer(), Preferences(method, JSON, "gzip", TAG))

    assert (response.status_code, response.body) == (304, "")
    assert response.headers == {"ETag": TAG}


@pytest.mark.parametrize(("method", "status"), [("PATCH", 200), ("PUT", 201), ("GET", 412)])
def test_answer_to_a_change_is_always_sent(method: str, status: int) -> None:
    """Only a view can be known already."""
    response = delivered(an_answer(status=status), Preferences(method, JSON, None, TAG))

    assert (response.status_code, response.body) == (status, "{}")
