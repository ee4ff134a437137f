"""The `EvidenceStore` port: sheets in the bucket, always by exact version."""

import hashlib
from datetime import UTC, timedelta
from io import BytesIO
from urllib.parse import parse_qs, unquote, urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError

from shared.domain.evidence import MEBIBYTE, Content, ObjectVersion
from shared.domain.people import Person
from shared.storage.evidence import S3EvidenceStore
from tests.builders import NOW, PDF_BYTES, a_sheet, an_upload
from tests.handlers.stack import BUCKET, Stack
from tests.storage.answers import page, reply
from tests.storage.conftest import LINK_SECONDS, Stores

SHA256 = hashlib.sha256(PDF_BYTES).hexdigest()


def put(stores: Stores, data: bytes = PDF_BYTES, minute: int = 1) -> ObjectVersion:
    """Store a sheet and return its version."""
    upload = an_upload(minute)
    stores.evidence.put(upload, BytesIO(data))
    (version,) = stores.versions(upload.key)
    return version


class TestEvidenceStore:
    """What both stores keep."""

    def test_describe_returns_what_is_known_of_a_version(self, stores: Stores) -> None:
        """Who sent it, under which name, and what it is said to be."""
        version = put(stores)

        file = stores.evidence.describe(version)

        assert file is not None
        assert (file.version, file.size_bytes) == (version, len(PDF_BYTES))
        assert (file.content_type, file.file_name) == ("application/pdf", "sheet.pdf")
        assert file.uploaded_by == an_upload().uploaded_by
        assert file.stored_at.tzinfo is UTC

    def test_describe_returns_both_hashes(self, stores: Stores) -> None:
        """What the sender said, and what the bucket computed on its way in."""
        upload = an_upload(1, sha256=SHA256)
        stores.evidence.put(upload, BytesIO(PDF_BYTES))

        file = stores.evidence.describe(*stores.versions(upload.key))

        assert file is not None
        assert (file.announced_sha256, file.bucket_sha256) == (SHA256, SHA256)

    @pytest.mark.parametrize(
        ("file_name", "name"),
        [
            ("Übergabe Höhe (3).pdf", "Zoë O'Brien"),
            ("高所作業.pdf", "山田 太郎"),
            ("100%.pdf", "Ann+Bob"),
        ],
    )
    def test_describe_returns_names_in_any_script(
        self, stores: Stores, file_name: str, name: str
    ) -> None:
        """The admin finds their file by the name they gave it."""
        upload = an_upload(1, file_name=file_name, uploaded_by=Person("u-1", name))
        stores.evidence.put(upload, BytesIO(PDF_BYTES))

        file = stores.evidence.describe(*stores.versions(upload.key))

        assert file is not None
        assert (file.file_name, file.uploaded_by) == (file_name, Person("u-1", name))

    @pytest.mark.parametrize("key", ["evidence/s/u/gone.pdf", an_upload(1).key])
    def test_describe_knows_no_version_that_is_gone(self, stores: Stores, key: str) -> None:
        """The news of an object may outlive it."""
        put(stores)

        unknown = ObjectVersion(key, "00000000-0000-4000-8000-000000000000")

        assert stores.evidence.describe(unknown) is None

    def test_newest_is_what_whoever_names_no_version_gets(self, stores: Stores) -> None:
        """As long as nobody works behind the API, the one there is; nothing where nothing is."""
        version = put(stores)

        assert stores.evidence.newest(version.key) == version.version_id
        assert stores.evidence.newest(an_upload(9).key) is None

    @pytest.mark.parametrize(
        "data", [b"", PDF_BYTES, PDF_BYTES.ljust(3 * MEBIBYTE + 7, b"x")], ids=len
    )
    def test_content_says_what_an_object_holds(self, stores: Stores, data: bytes) -> None:
        """Size, SHA-256 and first bytes, of all of it."""
        version = put(stores, data)

        content = stores.evidence.content(version)

        assert content == Content(data[:64], len(data), hashlib.sha256(data).hexdigest())

    def test_content_is_that_of_the_version_asked_for(self, stores: Stores) -> None:
        """Each object by itself."""
        one, other = put(stores, b"%PDF-1", 1), put(stores, b"%PDF-2", 2)

        assert stores.evidence.content(one).first_bytes == b"%PDF-1"
        assert stores.evidence.content(other).first_bytes == b"%PDF-2"

    def test_put_refuses_to_overwrite(self, stores: Stores) -> None:
        """What lies there stays, in one version (K17)."""
        put(stores)

        with pytest.raises((ClientError, FileExistsError)):
            stores.evidence.put(an_upload(1), BytesIO(b"%PDF-forged"))

        (version,) = stores.versions(an_upload(1).key)
        assert stores.evidence.content(version).sha256 == SHA256

    def test_label_says_what_became_of_a_version(self, stores: Stores) -> None:
        """The bucket's own rules read it."""
        version = put(stores)

        stores.evidence.label(version, "rejected")

        assert stores.label_of(version) == "rejected"

    def test_label_is_on_that_version_alone(self, stores: Stores) -> None:
        """A good sheet is not forgotten with a bad one."""
        bad, good = put(stores, minute=1), put(stores, minute=2)

        stores.evidence.label(bad, "rejected")

        assert stores.label_of(good) is None

    def test_label_leaves_the_content_alone(self, stores: Stores) -> None:
        """A late sheet is still the sheet."""
        version = put(stores)

        stores.evidence.label(version, "late")

        assert stores.evidence.content(version).sha256 == SHA256
        assert stores.versions(version.key) == [version]

    def test_upload_link_permits_a_put_for_a_while(self, stores: Stores) -> None:
        """Method, headers and end of the permission."""
        upload = an_upload(1)

        request = stores.evidence.upload_link(upload, 1234, SHA256)

        assert request.method == "PUT"
        assert request.headers["Content-Type"] == "application/pdf"
        assert request.headers["Content-Length"] == "1234"
        assert request.expires_at == upload.uploaded_at + timedelta(seconds=LINK_SECONDS)

    def test_download_link_leads_to_the_exact_version(self, stores: Stores) -> None:
        """Whatever is stored under the key later."""
        request = stores.evidence.download_link(a_sheet(1, version_id="v-77"), NOW)

        assert (request.method, request.headers) == ("GET", {})
        assert parse_qs(urlsplit(request.url).query)["versionId"] == ["v-77"]
        assert request.expires_at == NOW + timedelta(seconds=LINK_SECONDS)


class TestS3:
    """What only S3 does."""

    def test_describe_returns_the_version_asked_for(self, real: Stores, stack: Stack) -> None:
        """A later version of the same key has its own size and its own sender."""
        version = put(real)
        stack.s3.put_object(Bucket=BUCKET, Key=version.key, Body=b"forged")

        file = real.evidence.describe(version)

        assert file is not None
        assert file.size_bytes == len(PDF_BYTES)
        assert real.evidence.content(version).sha256 == SHA256

    def test_describe_names_an_object_without_notes_after_its_key(
        self, real: Stores, stack: Stack
    ) -> None:
        """Whoever put it there by hand left no name."""
        stack.s3.put_object(Bucket=BUCKET, Key="evidence/s/u/by-hand.pdf", Body=PDF_BYTES)

        file = real.evidence.describe(*real.versions("evidence/s/u/by-hand.pdf"))

        assert file is not None
        assert (file.file_name, file.uploaded_by) == ("by-hand.pdf", Person("", ""))

    def test_describe_hides_no_other_failure(self, aws: str) -> None:
        """What is not known to be gone may be there: the news is delivered again."""
        client = boto3.client("s3", region_name=aws)
        reply(client, "s3.HeadObject", lambda: page(403))

        with pytest.raises(ClientError, match="403"):
            S3EvidenceStore(client, BUCKET, LINK_SECONDS).describe(ObjectVersion("key", "v"))

    def test_put_notes_type_and_checksum(self, real: Stores, stack: Stack) -> None:
        """S3 checks that what arrived is what was sent."""
        version = put(real)

        head = stack.s3.head_object(Bucket=BUCKET, Key=version.key, ChecksumMode="ENABLED")

        assert head["ContentType"] == "application/pdf"
        assert head["ChecksumSHA256"]

    def test_upload_link_signs_everything_it_promises(self, real: Stores) -> None:
        """Another length, type, hash, sender or an existing object breaks the signature."""
        request = real.evidence.upload_link(an_upload(1), 1234, SHA256)

        query = parse_qs(urlsplit(request.url).query)
        signed = set(query["X-Amz-SignedHeaders"][0].split(";"))
        assert signed == {"host", *(name.lower() for name in request.headers)}
        assert query["X-Amz-Expires"] == [str(LINK_SECONDS)]
        assert {"if-none-match", "content-length", "x-amz-checksum-sha256"} < signed

    def test_upload_link_names_the_sender(self, real: Stores) -> None:
        """The check reads from the object who sent it, not from the sender's later word."""
        upload = an_upload(1, file_name="Höhe.pdf", uploaded_by=Person("u-1", "Zoë"))

        headers = real.evidence.upload_link(upload, 1234, SHA256).headers

        assert headers["x-amz-meta-file-name"] == "H%C3%B6he.pdf"
        assert headers["x-amz-meta-uploaded-by-id"] == "u-1"
        assert headers["x-amz-meta-uploaded-by-name"] == "Zo%C3%AB"

    def test_upload_link_leads_to_the_upload_s_key(self, real: Stores) -> None:
        """And nowhere else."""
        request = real.evidence.upload_link(an_upload(1), 1234, SHA256)

        assert unquote(urlsplit(request.url).path).endswith(an_upload(1).key)

    def test_download_link_saves_under_the_sheet_s_name(self, real: Stores) -> None:
        """The browser saves the file under the name it was sent with, and does not run it."""
        request = real.evidence.download_link(a_sheet(1, file_name='Höhe "3".pdf'), NOW)

        disposition = parse_qs(urlsplit(request.url).query)["response-content-disposition"]
        assert disposition == ["attachment; filename*=UTF-8''H%C3%B6he%20%223%22.pdf"]
