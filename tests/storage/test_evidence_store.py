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
from testing.builders import NOW, PDF_BYTES, a_sheet, an_upload
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
    """What holds for both stores."""

    def test_describe_returns_what_is_known_of_a_version(self, stores: Stores) -> None:
        """Size, type, time and the bucket's own hash; nothing that its sender says."""
        version = put(stores)

        file = stores.evidence.describe(version)

        assert file is not None
        assert (file.version, file.size_bytes) == (version, len(PDF_BYTES))
        assert (file.content_type, file.bucket_sha256) == ("application/pdf", SHA256)
        assert file.stored_at.tzinfo is UTC

    @pytest.mark.parametrize("key", ["evidence/s/u/gone.pdf", an_upload(1).key])
    def test_describe_knows_no_version_that_is_gone(self, stores: Stores, key: str) -> None:
        """An event may arrive after its object was deleted."""
        put(stores)

        unknown = ObjectVersion(key, "00000000-0000-4000-8000-000000000000")

        assert stores.evidence.describe(unknown) is None

    def test_newest_is_what_a_reader_without_a_version_gets(self, stores: Stores) -> None:
        """
        This is the stored version as long as no one works behind the API; without
        one it is none.
        """
        version = put(stores)

        assert stores.evidence.newest(version.key) == version.version_id
        assert stores.evidence.newest(an_upload(9).key) is None

    @pytest.mark.parametrize(
        "data", [b"", PDF_BYTES, PDF_BYTES.ljust(3 * MEBIBYTE + 7, b"x")], ids=len
    )
    def test_content_says_what_an_object_holds(self, stores: Stores, data: bytes) -> None:
        """Size and SHA-256 are those of the whole object."""
        version = put(stores, data)

        content = stores.evidence.content(version)

        assert content == Content(len(data), hashlib.sha256(data).hexdigest())

    def test_content_is_that_of_the_version_asked_for(self, stores: Stores) -> None:
        """Each version has its own content."""
        one, other = put(stores, b"%PDF-1", 1), put(stores, b"%PDF-2", 2)

        assert b"".join(stores.evidence.pieces(one)) == b"%PDF-1"
        assert b"".join(stores.evidence.pieces(other)) == b"%PDF-2"

    def test_put_refuses_to_overwrite(self, stores: Stores) -> None:
        """The stored object stays, in one version (K17)."""
        put(stores)

        with pytest.raises((ClientError, FileExistsError)):
            stores.evidence.put(an_upload(1), BytesIO(b"%PDF-forged"))

        (version,) = stores.versions(an_upload(1).key)
        assert stores.evidence.content(version).sha256 == SHA256

    def test_tag_names_the_outcome_of_a_version(self, stores: Stores) -> None:
        """The bucket's lifecycle rules read the tag."""
        version = put(stores)

        stores.evidence.tag(version, "rejected")

        assert stores.tag_of(version) == "rejected"

    def test_version_that_is_gone_has_no_tag(self, stores: Stores) -> None:
        """Or cannot be read, because a delete marker lies over it: that is told by itself."""
        put(stores)

        unknown = ObjectVersion(an_upload(1).key, "00000000-0000-4000-8000-000000000000")

        assert stores.evidence.outcome_tag(unknown) is None

    def test_tag_is_on_that_version_alone(self, stores: Stores) -> None:
        """An accepted sheet does not expire with a rejected one."""
        bad, good = put(stores, minute=1), put(stores, minute=2)

        stores.evidence.tag(bad, "rejected")

        assert stores.tag_of(good) is None

    def test_tag_leaves_the_content_alone(self, stores: Stores) -> None:
        """A late sheet can still be read."""
        version = put(stores)

        stores.evidence.tag(version, "late")

        assert stores.evidence.content(version).sha256 == SHA256
        assert stores.versions(version.key) == [version]

    def test_upload_link_permits_a_put_for_a_while(self, stores: Stores) -> None:
        """The link has method, headers and an end."""
        upload = an_upload(1)

        request = stores.evidence.upload_link(upload, 1234, SHA256)

        assert request.method == "PUT"
        assert request.headers["Content-Type"] == "application/pdf"
        assert request.headers["Content-Length"] == "1234"
        assert request.expires_at == upload.uploaded_at + timedelta(seconds=LINK_SECONDS)

    def test_download_link_leads_to_the_exact_version(self, stores: Stores) -> None:
        """A newer version of the key does not change it."""
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

    @pytest.mark.parametrize("letter", ["a", "名", "\N{PAGE FACING UP}", "%", "é"])
    def test_upload_says_no_more_than_s3_takes(self, real: Stores, letter: str) -> None:
        """2,048 bytes of names and values; the longest names of an account and a file are cut."""
        upload = an_upload(
            1,
            file_name=letter * 300,
            uploaded_by=Person(letter * 128, letter * 2048),
            sha256=SHA256,
        )

        headers = real.evidence.upload_link(upload, 1, SHA256).headers

        said = {name: value for name, value in headers.items() if name.startswith("x-amz-meta-")}
        assert sum(len(name) + len(value) for name, value in said.items()) <= 2048
        assert said["x-amz-meta-sha256"] == SHA256
        assert unquote(said["x-amz-meta-file-name"], errors="strict").strip(letter) == ""

    def test_upload_says_an_ordinary_name_whole(self, real: Stores) -> None:
        """Up to 122 Chinese letters need no cutting."""
        upload = an_upload(1, file_name="名" * 122)

        headers = real.evidence.upload_link(upload, 1, SHA256).headers

        assert unquote(headers["x-amz-meta-file-name"]) == "名" * 122

    def test_describe_hides_no_other_failure(self, aws: str) -> None:
        """Any other error is raised, so that the event is delivered again."""
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
        """So the object makes sense to somebody who has nothing but the bucket."""
        upload = an_upload(1, file_name="Höhe.pdf", uploaded_by=Person("u-1", "Zoë"))

        headers = real.evidence.upload_link(upload, 1234, SHA256).headers

        assert headers["x-amz-meta-file-name"] == "H%C3%B6he.pdf"
        assert headers["x-amz-meta-uploaded-by-id"] == "u-1"
        assert headers["x-amz-meta-uploaded-by-name"] == "Zo%C3%AB"

    def test_upload_link_leads_to_the_upload_s_key(self, real: Stores) -> None:
        """It leads to no other key."""
        request = real.evidence.upload_link(an_upload(1), 1234, SHA256)

        assert unquote(urlsplit(request.url).path).endswith(an_upload(1).key)

    def test_download_link_saves_under_the_sheet_s_name(self, real: Stores) -> None:
        """The browser saves the file under its original name, and does not open it."""
        request = real.evidence.download_link(a_sheet(1, file_name='Höhe "3".pdf'), NOW)

        disposition = parse_qs(urlsplit(request.url).query)["response-content-disposition"]
        assert disposition == ["attachment; filename*=UTF-8''H%C3%B6he%20%223%22.pdf"]
