"""Sheets: announced, sent, and checked when S3 announces them."""

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from io import BytesIO

from functions.hash_evidence.use_case import hash_evidence
from functions.upload_evidence.use_case import Promise, permit_upload, store_sheet
from shared.application.ports.evidence import SheetAddress
from shared.domain import evidence as domain
from shared.domain.audit import ChangeContext
from shared.domain.evidence import PDF, new_upload_id
from shared.storage.evidence import key_of
from testing.builders import ADMIN, JPEG_BYTES, PDF_BYTES, a_change
from tests.model.operation import Call, Operation, Outcome, Steps
from tests.model.state import LOCKED, OPEN, Session, State, Upload
from tests.model.world import MOST_BYTES, Account


class Content(StrEnum):
    """The content of a file that is declared as a PDF."""

    SHEET = "sheet"
    PICTURE = "picture"
    TOO_LARGE = "too large"


@dataclass(frozen=True)
class _Sending(Operation):
    """What is common to announcing a file and to sending it."""

    session: str
    content: Content = Content.SHEET
    # The clock of another machine: its uploads sort before those of the last minute.
    is_behind: bool = False

    def upload(self, call: Call) -> domain.Upload:
        """Return the id of the upload."""
        at = call.now - timedelta(minutes=1 if self.is_behind else 0)
        upload_id = new_upload_id(at, f"{call.number:016x}")
        key = key_of(SheetAddress(self.session, upload_id, "sheet.pdf"))
        return domain.Upload(upload_id, key, "sheet.pdf", PDF, at, ADMIN)

    def data(self, call: Call) -> bytes:
        """Return bytes that no other upload has."""
        data = JPEG_BYTES if self.content is Content.PICTURE else PDF_BYTES
        padding = bytes(MOST_BYTES) if self.content is Content.TOO_LARGE else b""
        return data + call.name.encode() + padding

    def announce(self, state: State, call: Call) -> None:
        """Note it, and let the session wait for it, unless it waits for a newer one."""
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
    """Request to send a file to the bucket."""

    def run(self, world: Account, call: Call) -> Outcome:
        """Store the permission for later."""
        upload, data = self.upload(call), self.data(call)
        promise = Promise(len(data), hashlib.sha256(data).hexdigest())
        link = permit_upload(self.session, upload, promise, _change(call), world)
        world.permissions[upload.upload_id] = (link, data)
        return "permitted"

    def steps(self, state: State, call: Call) -> Steps:
        """Announce it; without its answer, a permission is worth nothing."""
        self.announce(state, call)
        yield
        upload_id = self.upload(call).upload_id
        state.uploads[upload_id] = replace(state.uploads[upload_id], permitted=True)
        return "permitted"


@dataclass(frozen=True)
class Store(_Sending):
    """Send a file through the API."""

    def run(self, world: Account, call: Call) -> Outcome:
        """Announce and store it."""
        store_sheet(self.session, self.upload(call), BytesIO(self.data(call)), _change(call), world)
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
    """An operation on a past upload, counted from the latest."""

    ago: int = 0

    def upload_id(self, call: Call) -> str:
        """Return the id of that upload."""
        known = sorted(call.known.uploads)
        return known[-1 - self.ago % len(known)] if known else "none"


@dataclass(frozen=True)
class Send(_About):
    """Send the file to the bucket, as permitted."""

    def run(self, world: Account, call: Call) -> Outcome:
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
    """Let S3 announce an object: for the first time, again, early or late."""

    def run(self, world: Account, call: Call) -> Outcome:
        """Check the version that exists."""
        upload = call.known.uploads.get(self.upload_id(call))
        version = world.version_of(upload.key) if upload else None
        if version is None:
            return "no object"
        return str(hash_evidence(version, _change(call), world))

    def steps(self, state: State, call: Call) -> Steps:
        """Let the newest sheet count, as long as the session takes sheets."""
        upload_id = self.upload_id(call)
        upload = state.uploads.get(upload_id)
        if upload is None or not upload.stored:
            return "no object"
        session = state.sessions[upload.session]
        if _is_known(session, upload, upload_id):
            return "unchanged"
        yield
        outcome = self._judge(state, session, upload_id)
        if outcome == "late":
            if not upload.tagged:
                yield from self._note_late(state, session, upload_id)
        elif not upload.is_sheet:
            yield
            state.uploads[upload_id] = replace(state.uploads[upload_id], marked=True)
        yield
        return outcome

    def _judge(self, state: State, session: Session, upload_id: str) -> str:
        upload = state.uploads[upload_id]
        decided = [session.sheet or ""] + ([] if upload.is_sheet else [session.rejection or ""])
        if upload_id in decided:
            return "unchanged"
        if session.status not in OPEN:
            return "late"
        if max(decided) > upload_id:
            return "unchanged"
        if upload.is_sheet:
            session.sheet = upload_id
        else:
            session.rejection = upload_id
        state.uploads[upload_id] = replace(
            upload, accepted=upload.is_sheet, rejected=not upload.is_sheet
        )
        session.waits_no_longer_for(upload_id)
        session.version += 1
        return "accepted" if upload.is_sheet else "rejected"

    @staticmethod
    def _note_late(state: State, session: Session, upload_id: str) -> Steps:
        """Note it once; of a locked session in the trail only, which the model does not have."""
        if session.status not in LOCKED:
            session.version += 1
        yield
        state.uploads[upload_id] = replace(state.uploads[upload_id], tagged=True)
        return "late"


def _is_known(session: Session, upload: Upload, upload_id: str) -> bool:
    """Whether the outcome is known before the object is read."""
    if session.status in OPEN:
        is_accepted = (session.sheet or "") >= upload_id
        is_rejected = session.rejection == upload_id
    else:
        is_accepted = upload.accepted or session.sheet == upload_id
        is_rejected = upload.rejected or session.rejection == upload_id
    return is_accepted or (is_rejected and upload.marked)


def _note_stored(state: State, upload_id: str) -> None:
    state.uploads[upload_id] = replace(state.uploads[upload_id], stored=True)


def _change(call: Call) -> ChangeContext:
    return a_change(call.name, at=call.now)
