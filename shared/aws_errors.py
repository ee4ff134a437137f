"""
What failed calls to S3 and KMS mean, and those that ask about tables and functions; decided in one
place. Calls that read or write items are in `shared.storage.writes`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from botocore.exceptions import ClientError, HTTPClientError, IncompleteReadError

from shared.domain.errors import ServiceUnavailable

_THROTTLED = {
    "LimitExceededException",
    "RequestLimitExceeded",
    "SlowDown",
    "ThrottlingException",
    "TooManyRequestsException",
}


@contextmanager
def busy_if_unavailable() -> Iterator[None]:
    """
    Turn a call without an answer into a refusal; for calls that may be repeated.

    Raises:
        ServiceUnavailable: Throttled, unanswered or cut short, even after the SDK's retries.
    """
    try:
        yield
    except (HTTPClientError, IncompleteReadError) as error:
        raise ServiceUnavailable from error
    except ClientError as error:
        if _is_transient(error):
            raise ServiceUnavailable from error
        raise


def _is_transient(error: ClientError) -> bool:
    is_server_error = (
        error.response["ResponseMetadata"]["HTTPStatusCode"] >= HTTPStatus.INTERNAL_SERVER_ERROR
    )
    return is_server_error or error.response["Error"]["Code"] in _THROTTLED
