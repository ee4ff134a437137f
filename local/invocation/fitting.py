"""
Makes a sample event fit a stack: what only a stack can give out is looked up there.

These are the upload, the version and the size of a stored file, and the entry of a trail.
"""

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus, unquote_plus

from local.stack import Stack

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

Json = dict[str, Any]

SHEETS = "evidence/"


class Fitting:
    """The bucket and the tables of one stack."""

    def __init__(self, stack: Stack) -> None:
        session = stack.session()
        self._stack = stack
        self._s3: S3Client = session.client("s3", endpoint_url=stack.endpoint)
        self._dynamodb: DynamoDBClient = session.client(
            "dynamodb", endpoint_url=stack.endpoint_of("dynamodb")
        )

    def fit(self, event: Any) -> Any:  # noqa: ANN401 - each service sends its own
        """Return *event* with all of its records about this stack."""
        if not isinstance(event, dict) or "Records" not in event:
            return event
        return event | {"Records": [self._record(record) for record in event["Records"]]}

    def _record(self, record: Json) -> Json:
        match record:
            case {"s3": {"object": _}}:
                return record | {"s3": self._stored(record["s3"])}
            case {"eventSource": "aws:sqs", "body": body}:
                return record | {"body": json.dumps(self.fit(json.loads(body)))}
            case {"eventSource": "aws:dynamodb", "eventName": "INSERT"}:
                return self._inserted(record)
        return record

    def _stored(self, about: Json) -> Json:
        """Name the bucket, and the newest file of the session that the key names."""
        key = unquote_plus(about["object"]["key"])
        bucket = about["bucket"] | {
            "name": self._stack.bucket,
            "arn": f"arn:aws:s3:::{self._stack.bucket}",
        }
        return about | {"bucket": bucket, "object": about["object"] | self._newest(key)}

    def _newest(self, key: str) -> Json:
        folder = "/".join(key.split("/")[:2]) + "/" if key.startswith(SHEETS) else key
        found = self._s3.list_object_versions(Bucket=self._stack.bucket, Prefix=folder)
        versions = sorted(found.get("Versions", []), key=lambda one: one["Key"])
        if not versions:
            return {}
        return {
            "key": quote_plus(versions[-1]["Key"], safe="/"),
            "versionId": versions[-1]["VersionId"],
            "size": versions[-1]["Size"],
            "eTag": versions[-1]["ETag"].strip('"'),
        }

    def _inserted(self, record: Json) -> Json:
        """Give a new entry of the audit trail as it is stored, if it is."""
        if ":table/Audit/" not in record["eventSourceARN"]:
            return record
        stream = record["dynamodb"]
        stored = self._dynamodb.get_item(TableName=self._stack.tables.audit, Key=stream["Keys"])
        return record | {"dynamodb": stream | {"NewImage": stored.get("Item", stream["NewImage"])}}
