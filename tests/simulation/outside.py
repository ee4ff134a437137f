"""What the stack talks to besides its database: the event bus and the bucket of evidence."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import BinaryIO

from shared.domain.events import Event
from shared.domain.evidence import PDF, Content, ObjectVersion, Sheet, StoredFile, Upload
from shared.domain.sheets import SignedRequest
from tests.simulation.database import Crash
from tests.simulation.scheduler import Scheduler

NEVER = 0.0


class Unavailable(Exception):
    """A service did not answer; whether it did what it was asked, nobody knows."""


class Service:
    """Calls that may be carried out or not, answered or not, or be the caller's last."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self.fault_rate = NEVER

    def _call(self, what: str, about: object, effect: Callable[[], object]) -> None:
        self._scheduler.step()
        self._scheduler.note(what, about)
        if self._scheduler.chance() >= self.fault_rate:
            effect()
            return
        if self._scheduler.chance() < 0.5:
            effect()
        fault = Crash if self._scheduler.chance() < 0.5 else Unavailable
        self._scheduler.note("!!", fault.__name__)
        raise fault


class Bus(Service):
    """Keeps the `EventPublisher` port; *on_event* hears of every event the bus took."""

    def __init__(self, scheduler: Scheduler, on_event: Callable[[Event], None]) -> None:
        super().__init__(scheduler)
        self._on_event = on_event
        self.delivered: list[Event] = []

    def publish(self, events: Sequence[Event]) -> list[bool]:
        return [self._taken(event) for event in events]

    def _taken(self, event: Event) -> bool:
        try:
            self._call("publish", event, lambda: self._deliver(event))
        except Unavailable:
            return False
        return True

    def _deliver(self, event: Event) -> None:
        self.delivered.append(event)
        self._on_event(event)


class Bucket(Service):
    """Keeps the `EvidenceStore` port; *on_object* hears of every object, as S3 notifies."""

    def __init__(self, scheduler: Scheduler, on_object: Callable[[ObjectVersion], None]) -> None:
        super().__init__(scheduler)
        self._on_object = on_object
        self._files: dict[ObjectVersion, tuple[Upload, bytes]] = {}
        self.labels: dict[ObjectVersion, str] = {}

    def put(self, upload: Upload, body: BinaryIO) -> None:
        data = body.read()
        self._call("upload", upload.upload_id, lambda: self._store(upload, data))

    def describe(self, version: ObjectVersion) -> StoredFile | None:
        self._call("describe", version.key, lambda: None)
        upload, data = self._files[version]
        return StoredFile(
            version, PDF, len(data), upload.uploaded_at, upload.file_name, upload.uploaded_by
        )

    def pieces(self, version: ObjectVersion) -> Iterator[bytes]:
        raise NotImplementedError

    def newest(self, key: str) -> str | None:
        raise NotImplementedError

    def content(self, version: ObjectVersion) -> Content:
        self._call("download", version.key, lambda: None)
        data = self._files[version][1]
        return Content(data[:16], len(data), hashlib.sha256(data).hexdigest())

    def fate(self, version: ObjectVersion) -> str | None:
        self._call("ask for the label", version.key, lambda: None)
        return self.labels.get(version)

    def label(self, version: ObjectVersion, fate: str) -> None:
        self._call("label", fate, lambda: self.labels.__setitem__(version, fate))

    def upload_link(self, upload: Upload, size_bytes: int, sha256: str) -> SignedRequest:
        raise NotImplementedError

    def download_link(self, sheet: Sheet, now: datetime) -> SignedRequest:
        raise NotImplementedError

    def _store(self, upload: Upload, data: bytes) -> None:
        version = ObjectVersion(upload.key, "v1")
        self._files[version] = upload, data
        self._on_object(version)
