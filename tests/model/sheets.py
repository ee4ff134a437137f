"""Sheets: announced, sent, and checked whenever S3 tells of them."""

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from io import BytesIO

from functions.hash_evidence.use_case import Checking, hash_evidence
from functions.upload_evidence.use_case import Promise, Taking, permit_upload, store_sheet
from shared.domain import evidence as domain
from shared.domain.audit import Change
from shared.domain.evidence import PDF, EvidenceKey, new_upload_id
from tests.builders import ADMIN, JPEG_BYTES, PDF_BYTES, a_change
from tests.model.operation import Call, Operation, Outcome, Steps
from tests.model.state import LOCKED, OPEN, Session, State, Upload
from tests.model.world import MOST_BYTES, World


class Content(StrEnum):
    """What a file holds that claims to be a PDF."""

    SHEET = "sheet"
    PICTURE = "picture"
    TOO_LARGE = "too large"


@dataclass(frozen=True)
class _Sending(Operation):
    """What announcing a file and sending it have in common."""

    session: str
    content: Content = Content.SHEET
    # The clock of another machine: its uploads sort before those of the last minute.
    is_behind: bool = False

    def upload(self, call: Call) -> domain.Upload:
        """Return what the upload is called."""
        at = call.now - timedelta(minutes=1 if self.is_behind else 0)
        upload_id = new_upload_id(at, f"{call.number:016x}")
        key = str(EvidenceKey(self.session, upload_id, "sheet.pdf"))
        return domain.Upload(upload_id, key, "sheet.pdf", PDF, at, ADMIN)

    def data(self, call: Call) -> bytes:
        """Return bytes that no other upload has."""
        data = JPEG_BYTES if self.content is Content.PICTURE else PDF_BYTES
        padding = bytes(MOST_BYTES) if self.content is Content.TOO_LARGE else b""
        return data + call.name.encode() + padding

    def announce(self, state: State, call: Call) -> None:
        """Let the session wait for it, unless it waits for a newer one."""
        session = state.session(self.session)
        session.require_open()
        upload = self.upload(call)
        state.uploads[upload.upload_id] = Upload(
            session=self.session,
            key=upload.key,
            sha256=hashlib.sha256(self.data(call)).hexdigest(),
            at=upload.uploaded_at,
            is_sheet=self.content is Content.SHEET,
        )
        if session.pending is None or session.pending < upload.upload_id:
            session.pending = upload.upload_id
            session.version += 1


@dataclass(frozen=True)
class Announce(_Sending):
    """Ask to send a file to the bucket."""

    def run(self, world: World, call: Call) -> Outcome:
        """Keep the permission for later."""
        upload, data = self.upload(call), self.data(call)
        promise = Promise(len(data), hashlib.sha256(data).hexdigest())
        using = Taking(world.sessions, world.evidence, world.pause)
        link = permit_upload(self.session, upload, promise, _change(call), using)
        world.permissions[upload.upload_id] = (link, data)
        return "permitted"

    def steps(self, state: State, call: Call) -> Steps:
        """Announce it; a permission nobody received is worth nothing."""
        self.announce(state, call)
        yield
        upload_id = self.upload(call).upload_id
        state.uploads[upload_id] = replace(state.uploads[upload_id], permitted=True)
        return "permitted"


@dataclass(frozen=True)
class Store(_Sending):
    """Send a file through the API."""

    def run(self, world: World, call: Call) -> Outcome:
        """Announce and store it."""
        using = Taking(world.sessions, world.evidence, world.pause)
        store_sheet(self.session, self.upload(call), BytesIO(self.data(call)), _change(call), using)
        return "stored"

    def steps(self, state: State, call: Call) -> Steps:
        """Announce, then store."""
        self.announce(state, call)
        yield
        _note_stored(state, self.upload(call).upload_id)
        yield
        return "stored"


@dataclass(frozen=True)
class _About(Operation):
    """What is done about an upload of the past, counted from the latest."""

    ago: int = 0

    def upload_id(self, call: Call) -> str:
        """Return which one it is."""
        known = sorted(call.known.uploads)
        return known[-1 - self.ago % len(known)] if known else "none"


@dataclass(frozen=True)
class Send(_About):
    """Send the file to the bucket, as was permitted."""

    def run(self, world: World, call: Call) -> Outcome:
        """PUT it; the bucket takes a file once."""
        return world.send(self.upload_id(call))

    def steps(self, state: State, call: Call) -> Steps:
        """Store it once."""
        upload = state.uploads.get(self.upload_id(call))
        if upload is None or not upload.permitted:
            return "not permitted"
        _note_stored(state, self.upload_id(call))
        yield
        return 412 if upload.stored else 200


@dataclass(frozen=True)
class Notify(_About):
    """Let S3 tell of an object: for the first time, again, early or late."""

    def run(self, world: World, call: Call) -> Outcome:
        """Check the version there is."""
        upload = call.known.uploads.get(self.upload_id(call))
        version = world.version_of(upload.key) if upload else None
        if version is None:
            return "no object"
        using = Checking(world.sessions, world.evidence, world.trail, MOST_BYTES, world.pause)
        return str(hash_evidence(version, _change(call), using))

    def steps(self, state: State, call: Call) -> Steps:
        """Let the newest sheet count, as long as the session takes sheets."""
        upload_id = self.upload_id(call)
        upload = state.uploads.get(upload_id)
        if upload is None or not upload.stored:
            return "no object"
        session = state.sessions[upload.session]
        if (session.sheet or "") >= upload_id or session.rejection == upload_id:
            return "unchanged"
        yield
        fate = self._judge(session, upload_id, is_sheet=upload.is_sheet)
        if fate == "late" and not upload.labelled:
            yield from self._note_late(state, session, upload_id)
        yield
        return fate

    def _judge(self, session: Session, upload_id: str, *, is_sheet: bool) -> str:
        decided = [session.sheet or ""] + ([] if is_sheet else [session.rejection or ""])
        if max(decided) >= upload_id:
            return "unchanged"
        if session.status not in OPEN:
            return "late"
        if is_sheet:
            session.sheet = upload_id
        else:
            session.rejection = upload_id
        session.waits_no_longer_for(upload_id)
        session.version += 1
        return "accepted" if is_sheet else "rejected"

    @staticmethod
    def _note_late(state: State, session: Session, upload_id: str) -> Steps:
        """Note it once: of a session locked for good in the trail alone, which has no model."""
        if session.status not in LOCKED:
            session.version += 1
        yield
        state.uploads[upload_id] = replace(state.uploads[upload_id], labelled=True)
        return "late"


def _note_stored(state: State, upload_id: str) -> None:
    state.uploads[upload_id] = replace(state.uploads[upload_id], stored=True)


def _change(call: Call) -> Change:
    return a_change(call.name, at=call.now)
