"""The services beside the database: the event bus and the bucket of evidence."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import BinaryIO

from shared.application.ports.evidence import SheetAddress, SignedRequest
from shared.domain.events import Event
from shared.domain.evidence import PDF, Content, ObjectVersion, Sheet, StoredFile, Upload
from shared.storage.evidence import address_of, folder_of, key_of, stray_note_key
from tests.simulation.scheduler import Crash, Scheduler

NEVER = 0.0


class Unavailable(Exception):
    """A service gave no answer; the request may have taken effect or not."""


class Service:
    """Calls that may have an effect or not, an answer or not, or be the caller's last."""

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
    """Implements the `EventPublisher` port; *on_event* gets every event that the bus accepted."""

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
    """Implements the `EvidenceStore` port; *on_object* gets every object, as S3 notifies."""

    def __init__(self, scheduler: Scheduler, on_object: Callable[[ObjectVersion], None]) -> None:
        super().__init__(scheduler)
        self._on_object = on_object
        self._files: dict[ObjectVersion, tuple[Upload, bytes]] = {}
        self.tags: dict[ObjectVersion, str] = {}

    def key_of(self, address: SheetAddress) -> str:
        return key_of(address)

    def address_of(self, key: str) -> SheetAddress | None:
        return address_of(key)

    def folder_of(self, key: str) -> str | None:
        return folder_of(key)

    def stray_note_key(self, session_id: str, key: str) -> str:
        return stray_note_key(session_id, key)

    def put(self, upload: Upload, body: BinaryIO) -> None:
        data = body.read()
        self._call("upload", upload.upload_id, lambda: self._store(upload, data))

    def describe(self, version: ObjectVersion) -> StoredFile | None:
        self._call("describe", version.key, lambda: None)
        upload, data = self._files[version]
        return StoredFile(version, PDF, len(data), upload.uploaded_at)

    def pieces(self, version: ObjectVersion) -> Iterator[bytes]:
        self._call("download", version.key, lambda: None)
        yield self._files[version][1]

    def newest(self, key: str) -> str | None:
        raise NotImplementedError

    def content(self, version: ObjectVersion) -> Content:
        data = self._files[version][1]
        return Content(len(data), hashlib.sha256(data).hexdigest())

    def outcome_tag(self, version: ObjectVersion) -> str | None:
        self._call("ask for the tag", version.key, lambda: None)
        return self.tags.get(version)

    def tag(self, version: ObjectVersion, outcome: str) -> None:
        self._call("tag", outcome, lambda: self.tags.__setitem__(version, outcome))

    def upload_link(self, upload: Upload, size_bytes: int, sha256: str) -> SignedRequest:
        raise NotImplementedError

    def download_link(self, sheet: Sheet, now: datetime) -> SignedRequest:
        raise NotImplementedError

    def _store(self, upload: Upload, data: bytes) -> None:
        version = ObjectVersion(upload.key, "v1")
        self._files[version] = upload, data
        self._on_object(version)
