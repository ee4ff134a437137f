"""
What it means that S3 or KMS gave no answer, decided in one place; DynamoDB's is in
`shared.storage.writes`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from botocore.exceptions import ClientError, HTTPClientError, IncompleteReadError

from shared.domain.errors import Busy

_THROTTLED = {"LimitExceededException", "RequestLimitExceeded", "SlowDown", "ThrottlingException"}


@contextmanager
def answered() -> Iterator[None]:
    """
    Turn a call that got no answer into a refusal, where the call may simply be repeated.

    Raises:
        Busy: Throttled, unanswered or cut short although the SDK tried several times.
    """
    try:
        yield
    except (HTTPClientError, IncompleteReadError) as error:
        raise Busy from error
    except ClientError as error:
        if _is_transient(error):
            raise Busy from error
        raise


def _is_transient(error: ClientError) -> bool:
    is_server_error = (
        error.response["ResponseMetadata"]["HTTPStatusCode"] >= HTTPStatus.INTERNAL_SERVER_ERROR
    )
    return is_server_error or error.response["Error"]["Code"] in _THROTTLED
