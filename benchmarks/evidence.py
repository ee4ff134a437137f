"""
What hashing a sheet costs: by the store over HTTP, compared with `hashlib.file_digest` on a file.

Both hash the same bytes in one run, so that the machine's speed cancels out. The server runs in
another process, so that its work is not measured.
"""

import argparse
import hashlib
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from multiprocessing import get_context
from multiprocessing.queues import Queue
from pathlib import Path

import boto3
from botocore.config import Config

from shared.domain.evidence import MEBIBYTE, PDF, ObjectVersion
from shared.domain.reading import Reading
from shared.storage.evidence import S3EvidenceStore

GIBIBYTE = 1024 * MEBIBYTE
# Of the speed of hashing alone: type, end and encryption are looked for as well.
LEAST_SHARE = 0.4
MOST_GROWTH = 8 * MEBIBYTE
_WARM_UP = ObjectVersion("evidence/warm-up", "v1")
_SHEET = ObjectVersion("evidence/sheet", "v1")


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement: bytes per second of processor time, and how much the memory grew."""

    sha256: str
    speed: float
    growth: int


def main() -> int:
    """Measure, print, and fail if a threshold is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.evidence", description=__doc__)
    parser.add_argument("--bytes", type=int, default=GIBIBYTE)
    size = parser.parse_args().bytes
    with tempfile.TemporaryDirectory() as home, _served(_file(Path(home), size)) as (url, gets):
        store = _store(url)
        store.content(_WARM_UP)
        ours = _measured(size, lambda: _read(store))
        theirs = _measured(size, lambda: _digest(Path(home) / "sheet"))
        asked = [gets.get(timeout=10) for _ in range(2)]
    share = ours.speed / theirs.speed
    print(f"hashlib.file_digest, a file   {theirs.speed / MEBIBYTE:8.0f} MiB per CPU second")
    print(f"this product, over HTTP       {ours.speed / MEBIBYTE:8.0f} MiB per CPU second")
    print(f"share                         {share:8.2f}   (bar: at least {LEAST_SHARE})")
    print(f"memory growth                 {ours.growth / MEBIBYTE:8.1f} MiB (bar: at most 8)")
    print(f"GetObject for the sheet       {asked.count('/evidence/evidence/sheet'):8}   (bar: 1)")
    is_one = asked.count("/evidence/evidence/sheet") == 1 and gets.empty()
    is_right = ours.sha256 == theirs.sha256
    return 0 if share >= LEAST_SHARE and ours.growth <= MOST_GROWTH and is_one and is_right else 1


def _read(store: S3EvidenceStore) -> str:
    """Read a sheet as its check does: hash, type, end, and whether it is encrypted."""
    reading = Reading(PDF)
    for piece in store.pieces(_SHEET):
        reading.feed(piece)
    return reading.sha256


def _measured(size: int, hash_it: Callable[[], str]) -> Measured:
    before, began = _peak(), time.process_time()
    sha256 = hash_it()
    return Measured(sha256, size / (time.process_time() - began), _peak() - before)


def _peak() -> int:
    # Kilobytes on Linux.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _file(home: Path, size: int) -> Path:
    path, block = home / "sheet", os.urandom(MEBIBYTE)
    with path.open("wb") as file:
        for start in range(0, size, MEBIBYTE):
            file.write(block[: min(MEBIBYTE, size - start)])
    return path


def _store(url: str) -> S3EvidenceStore:
    client = boto3.client(
        "s3",
        endpoint_url=url,
        region_name="eu-central-1",
        aws_access_key_id="unused",
        aws_secret_access_key="unused",  # noqa: S106 - opens nothing
        config=Config(
            response_checksum_validation="when_required", s3={"addressing_style": "path"}
        ),
    )
    return S3EvidenceStore(client, "evidence", link_seconds=60)


@contextmanager
def _served(path: Path) -> Iterator[tuple[str, "Queue[str]"]]:
    """Serve the file under every key, in another process that reports the requests it got."""
    context = get_context("fork")
    gets, ports = context.Queue(), context.Queue()
    server = context.Process(target=_serve, args=(path, gets, ports), daemon=True)
    server.start()
    try:
        yield f"http://127.0.0.1:{ports.get(timeout=10)}", gets
    finally:
        server.terminate()
        server.join()


def _serve(path: Path, gets: "Queue[str]", ports: "Queue[int]") -> None:
    class Bucket(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.path.partition("?")[0]
            size = MEBIBYTE if asked.endswith("warm-up") else path.stat().st_size
            self.send_response(200)
            self.send_header("Content-Length", str(size))
            self.end_headers()
            with path.open("rb") as file:
                self.wfile.flush()
                self.connection.sendfile(file, count=size)
            gets.put(asked)

        def log_message(self, *_: object) -> None:
            """Log nothing: standard output is for figures."""

    server = HTTPServer(("127.0.0.1", 0), Bucket)
    ports.put(server.server_port)
    server.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
