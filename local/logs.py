"""The logs of the functions."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from local.stack import Stack

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient


def save_logs(stack: Stack, path: Path) -> None:
    """Write every log line of every function to *path*, oldest first within its group."""
    client = stack.session().client("logs", endpoint_url=stack.endpoint)
    with path.open("w") as file:
        file.writelines(_lines(client))


def _lines(client: "CloudWatchLogsClient") -> Iterator[str]:
    for groups in client.get_paginator("describe_log_groups").paginate():
        for group in groups["logGroups"]:
            yield from _lines_of(client, group["logGroupName"])


def _lines_of(client: "CloudWatchLogsClient", group: str) -> Iterator[str]:
    for page in client.get_paginator("filter_log_events").paginate(logGroupName=group):
        for event in page["events"]:
            yield f"{group} {event['message'].rstrip()}\n"
