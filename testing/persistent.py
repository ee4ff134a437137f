"""A client that wants an answer."""

import time
from http import HTTPStatus

import httpx

# What a gateway says in place of a function that was too slow on a busy machine.
CUT_OFF = {HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT}
TRIES = 10


class Persistent(httpx.HTTPTransport):
    """
    Repeats a request that was cut off, or that stopped because its time was over, as a client does;
    so no verdict depends on how fast the machine is.
    """

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send *request* until a function answers it, a few times."""
        response = super().handle_request(request)
        for _ in range(TRIES):
            if not _is_cut_off(response):
                break
            response.close()
            time.sleep(1)
            response = super().handle_request(request)
        return response


def _is_cut_off(response: httpx.Response) -> bool:
    # Only a refusal of what is saved in part names the version to go on from.
    is_part = response.status_code == HTTPStatus.SERVICE_UNAVAILABLE and "ETag" in response.headers
    return is_part or response.status_code in CUT_OFF
