"""
Serves the authority over HTTP: `python -m local.authority.server <folder> <port>`.

While a file `away` lies in its folder, it hangs up on everyone.
"""

import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from local.authority.replies import reply

AWAY = "away"
# A request is some 70 bytes.
MOST_BYTES = 4096


class Desk(BaseHTTPRequestHandler):
    """Takes one request after the other, as openssl counts its stamps in a file."""

    folder: Path
    # Of a client that connects and sends nothing.
    timeout = 5

    def do_POST(self) -> None:
        if (self.folder / AWAY).exists():
            return
        query = self.rfile.read(min(int(self.headers["Content-Length"]), MOST_BYTES))
        said = reply(self.folder, query)
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)


def main(folder: str, port: str) -> None:
    Desk.folder = Path(folder)
    HTTPServer(("127.0.0.1", int(port)), Desk).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
