"""What of HTTP the gateway decides: compressed bytes, answers without a body, HEAD."""

import gzip

import httpx
import pytest

from testing.api import Session, a_session

pytestmark = pytest.mark.stack


def looked_at(admin: httpx.Client, session: Session, method: str, **headers: str) -> httpx.Response:
    """Ask for the session with these headers and no others of a browser's."""
    request = admin.build_request(method, session.path)
    for name in ("Accept", "Accept-Encoding"):
        del request.headers[name]
    request.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return admin.send(request, stream=True)


def test_an_answer_is_compressed_or_not_and_always_readable(admin: httpx.Client) -> None:
    """The gateway decodes base64 only for a client that sends an Accept header."""
    session = a_session(admin)

    asked = looked_at(admin, session, "GET", Accept="*/*", Accept_Encoding="gzip")
    untyped = looked_at(admin, session, "GET", Accept_Encoding="gzip")
    packed, plain = (b"".join(answer.iter_raw()) for answer in (asked, untyped))

    assert asked.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in untyped.headers
    assert gzip.decompress(packed) == plain


def test_an_answer_that_is_known_is_not_sent_again(admin: httpx.Client) -> None:
    """The ETag of a view answers whether it is still good; HEAD has the same one."""
    session = a_session(admin)

    head = looked_at(admin, session, "HEAD", Accept="*/*")
    again = looked_at(admin, session, "GET", Accept="*/*", If_None_Match=head.headers["ETag"])

    assert (head.status_code, head.read()) == (200, b"")
    assert (again.status_code, again.read()) == (304, b"")
