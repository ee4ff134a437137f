"""
The console's own origin on this machine, as CloudFront is on AWS: the files of `web/`, and the API
under `/api/`.

`python -m local.console.server <file>` serves the stack that the file describes, at its consoleUrl.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from local.console.configuration import Configuration, SignIn
from local.console.headers import security_headers
from local.stack import Stack
from local.workspace import ROOT

WEB = ROOT / "web"
METHODS = ["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"]
# API Gateway gives up after 29 seconds.
ANSWER_SECONDS = 30
# Hop-by-hop headers: they concern one connection, and are not forwarded.
OF_THE_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "host"}


class SecurityHeaders:
    """Adds the same headers to every answer."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class Files(StaticFiles):
    """Files that a browser revalidates each time, as it does the published ones."""

    def file_response(self, *arguments: object, **options: object) -> Response:
        response = super().file_response(*arguments, **options)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = "no-cache"
        return response


class Forwarding:
    """The API, reached through this origin."""

    def __init__(self, api_url: str) -> None:
        self._api_url = api_url
        self._client = httpx.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False)

    async def __call__(self, request: Request) -> Response:
        """Forward the request and return the answer, both with unchanged bytes."""
        try:
            answer = await self._client.send(await self._copy_of(request), stream=True)
        except httpx.TransportError:
            return JSONResponse({"detail": "The API does not answer."}, status_code=502)
        headers = {
            name: value
            for name, value in answer.headers.items()
            if name.lower() not in OF_THE_CONNECTION
        }
        return StreamingResponse(
            answer.aiter_raw(),
            answer.status_code,
            headers,
            background=BackgroundTask(answer.aclose),
        )

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _copy_of(self, request: Request) -> httpx.Request:
        headers = [
            (name, value)
            for name, value in request.headers.items()
            if name.lower() not in OF_THE_CONNECTION
        ]
        url = httpx.URL(f"{self._api_url}/{request.path_params['path']}").copy_with(
            query=request.url.query.encode()
        )
        # Not the client's own builder, which adds headers that the browser did not send.
        return httpx.Request(request.method, url, headers=headers, content=await request.body())


def application(stack: Stack) -> ASGIApp:
    """Build the console of *stack*."""
    configuration = Configuration(
        sign_in=SignIn(url=f"{stack.endpoint}/", client_id=stack.user_pool_client_id),
        release=stack.release,
    )
    forwarding = Forwarding(stack.api_url)

    async def describe(_: Request) -> Response:
        return Response(
            configuration.json_text(),
            media_type="application/json",
            headers={"Cache-Control": "no-cache"},
        )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await forwarding.aclose()

    routes = [
        Route("/config.json", describe),
        Route(f"{configuration.api}/{{path:path}}", forwarding.__call__, methods=METHODS),
        Mount("/", Files(directory=WEB, html=True)),
    ]
    origins = {"SignIn": stack.endpoint, "Evidence": stack.endpoint}
    return SecurityHeaders(Starlette(routes=routes, lifespan=lifespan), security_headers(origins))


def main() -> None:
    """Serve until the process is stopped."""
    stack = Stack.read(Path(sys.argv[1]))
    address = urlsplit(stack.console_url or "")
    if not (address.hostname and address.port):
        raise SystemExit("This stack has no address for its console. Renew it with: make up")
    uvicorn.run(
        application(stack),
        host=address.hostname,
        port=address.port,
        log_level="warning",
        server_header=False,
    )


if __name__ == "__main__":
    main()
