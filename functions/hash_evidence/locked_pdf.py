"""Whether a PDF opens without a password: what only one person can open proves nothing."""

from collections.abc import Iterable
from io import BytesIO

LOCKED = (
    "The PDF opens only with a password, so nobody could read the sheet later. "
    "Save it without a password and upload it again."
)


def needs_password(pieces: Iterable[bytes]) -> bool:
    """
    Whether the PDF needs a password, or a certificate, to be opened.

    A password of the owner alone, which only restricts printing and changing, does not count. A
    file that cannot be read that far is not called locked: nothing is claimed that is not known.
    """
    # Imported here, because nearly no sheet is encrypted and every cold start would pay for it.
    from pypdf import PasswordType, PdfReader  # noqa: PLC0415

    # Read before anything is caught: that the bucket does not answer says nothing about the file.
    file = BytesIO(b"".join(pieces))
    try:
        reader = PdfReader(file)
        return reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED
    except NotImplementedError:
        # Encrypted for certificates, or by a product of its own.
        return True
    except Exception:  # noqa: BLE001 - a broken file makes the library raise whatever it likes
        return False
