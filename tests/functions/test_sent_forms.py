"""Forms as clients send them: names, types, and what stands around the file."""

from base64 import b64encode
from pathlib import Path
from quopri import encodestring

import pytest

from functions.upload_evidence.request import SentFile, sent_file
from functions.upload_evidence.sent_name import ANY_BYTES, sent_name
from shared.domain.errors import InvalidRequest, UnsupportedEvidence

FORMS = Path(__file__).with_name("forms")
PDF = b"%PDF-1.7\r\n--X\r\n%%EOF\r\n"
NAMES = {
    'filename="sheet.pdf"': "sheet.pdf",
    "filename=sheet.pdf": "sheet.pdf",
    'FileName="sheet.pdf"': "sheet.pdf",
    'filename="名簿.pdf"': "名簿.pdf",
    "filename*=utf-8''%E5%90%8D%E7%B0%BF.pdf": "名簿.pdf",
    "filename*=UTF-8'zh'%E5%90%8D%E7%B0%BF.pdf": "名簿.pdf",
    "filename*=iso-8859-1''M%E4rz.pdf": "März.pdf",
    "filename=\"list.pdf\"; filename*=utf-8''%E5%90%8D%E7%B0%BF.pdf": "名簿.pdf",
    "filename*=utf-8''%E5%90%8D%E7%B0%BF.pdf; filename=\"list.pdf\"": "名簿.pdf",
    'filename="=?utf-8?B?5ZCN57C/LnBkZg==?="': "名簿.pdf",
    'filename="=?utf-8?Q?=E5=90=8D?= =?utf-8?Q?=E7=B0=BF.pdf?="': "名簿.pdf",
    'filename="=?iso-8859-1?Q?M=E4rz.pdf?="': "März.pdf",
    'filename="=?nobody-knows?Q?M=E4rz.pdf?="': "=?nobody-knows?Q?M=E4rz.pdf?=",
    'filename="1=?2.pdf"': "1=?2.pdf",
    'filename*0="sign-"; filename*1="in.pdf"': "sign-in.pdf",
    "filename*=nobody-knows''sheet.pdf": "sheet.pdf",
    'filename="the %22new%22 list.pdf"': 'the "new" list.pdf',
    'filename="the \\"new\\" list; 2.pdf"': 'the "new" list; 2.pdf',
    'filename="100%25.pdf"': "100%25.pdf",
    'filename=""': "",
}


def form(headers: bytes, content: bytes = PDF) -> bytes:
    """Return a form of one part."""
    return b"--XX\r\n" + headers + b"\r\n\r\n" + content + b"\r\n--XX--\r\n"


def taken(body: bytes, boundary: str = "XX") -> SentFile:
    """Read a form."""
    return sent_file(f"multipart/form-data; boundary={boundary}", body, 1 << 20)


@pytest.mark.parametrize(("written", "name"), NAMES.items())
def test_name_is_what_the_sender_meant(written: str, name: str) -> None:
    """Programs write a name of other letters in three ways, and `filename*` counts first."""
    disposition = f'form-data; name="file"; {written}'.encode().decode(ANY_BYTES)

    assert sent_name(disposition) == name


def test_name_in_an_old_character_set_is_kept() -> None:
    """A program that knows no UTF-8 still sends its sheet."""
    assert sent_name('form-data; name="file"; filename="M\xe4rz.pdf"') == "März.pdf"


def test_part_without_a_name_is_no_file() -> None:
    """It is a text field of the form."""
    assert sent_name('form-data; name="file"') is None


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("encoded-word-and-star.body", "名簿.pdf"),
        ("star-only.body", "名簿.pdf"),
        ("octet-charset.body", "a.pdf"),
        ("preamble-text.body", "a.pdf"),
    ],
)
def test_form_of_another_client_is_read(file: str, name: str) -> None:
    """Encoded names, a preamble, and parameters of a type are as the standards have them."""
    body = (FORMS / file).read_bytes()

    sent = taken(body)

    assert (sent.file_name, sent.content_type) == (name, "application/pdf")
    assert sent.body.read() == body[body.index(b"%PDF-") : body.rindex(b"\r\n--XX--")]


@pytest.mark.parametrize(
    "kind",
    [
        b"application/pdf; name=sheet.pdf",
        b"APPLICATION/PDF;charset=binary",
        b"Application/Octet-Stream;charset=binary",
        b"application/x-pdf",
        b"",
    ],
)
def test_type_is_read_without_its_parameters(kind: bytes) -> None:
    """A parameter does not make another type of it, also where the bytes have to tell."""
    headers = b'Content-Disposition: form-data; name="file"; filename="a"\r\nContent-Type: ' + kind

    assert taken(form(headers)).content_type == "application/pdf"


def test_avif_of_no_declared_type_is_no_heic() -> None:
    """Of a picture without a type, the bytes tell, and they say that it cannot be a sheet."""
    picture = (Path(__file__).with_name("sheets") / "mif1-major.avif").read_bytes()

    with pytest.raises(UnsupportedEvidence, match="The file is an AVIF picture"):
        taken(form(b'Content-Disposition: form-data; name="file"; filename="a.heic"', picture))


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        (b"base64", b64encode(PDF)),
        (b"Quoted-Printable", encodestring(PDF)),
        (b"binary", PDF),
        (b"8bit", PDF),
    ],
)
def test_file_is_taken_byte_for_byte(encoding: bytes, content: bytes) -> None:
    """Whatever a client does to it on the way, the evidence is the file."""
    headers = (
        b'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
        b"Content-Transfer-Encoding: " + encoding
    )

    assert taken(form(headers, content)).body.read() == PDF


@pytest.mark.parametrize("name", ["%E2%80%8B", "a%00b.pdf", "a%0Ab.pdf"])
def test_file_of_a_name_that_does_not_show_is_refused(name: str) -> None:
    """Nobody could say which file it was."""
    disposition = f"Content-Disposition: form-data; name=file; filename*=utf-8''{name}"

    with pytest.raises(InvalidRequest, match="Rename the file"):
        taken(form(disposition.encode()))


@pytest.mark.parametrize("boundary", ["", '"XX', "X" * 300])
def test_form_without_its_boundary_is_refused(boundary: str) -> None:
    """Nothing tells where the file begins."""
    with pytest.raises(InvalidRequest):
        taken(form(b'Content-Disposition: form-data; name="file"; filename="a.pdf"'), boundary)
