"""Makes the committed sign-in sheets, byte for byte: ``python -m local.samples.make_sheet``."""

from datetime import datetime, timedelta
from pathlib import Path

from local.samples.data import FORKLIFT, WORKING_AT_HEIGHT, attendance, sessions
from local.samples.drawing.page import PdfPage
from local.samples.drawing.photo import PhotoPage
from local.samples.drawing.sheet import draw_sheet

HERE = Path(__file__).parent


def make_pdf(session_id: str) -> bytes:
    session = sessions()[session_id]
    page = PdfPage(f"Training attendance sheet: {session['title']}")
    draw_sheet(page, session, attendance(session_id))
    return page.to_bytes()


def make_photo(session_id: str) -> bytes:
    session = sessions()[session_id]
    page = PhotoPage(seed=session_id)
    draw_sheet(page, session, attendance(session_id))
    taken_at = datetime.fromisoformat(session["endsAt"]) + timedelta(minutes=7, seconds=41)
    return page.to_jpeg(f"{taken_at:%Y:%m:%d %H:%M:%S}")


def main() -> None:
    sheets = {
        "sign-in-sheet.pdf": make_pdf(WORKING_AT_HEIGHT),
        "sign-in-sheet-photo.jpg": make_photo(WORKING_AT_HEIGHT),
        "forklift-sheet-photo.jpg": make_photo(FORKLIFT),
    }
    for name, content in sheets.items():
        (HERE / name).write_bytes(content)
        print(f"{name}: {len(content) / 1024:.0f} kB")


if __name__ == "__main__":
    main()
