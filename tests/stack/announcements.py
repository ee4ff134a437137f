"""What other modules hear: a queue of ours on the stack's event bus."""

import json
from typing import Self

from tests.stack.backstage import Backstage
from tests.stack.story import Json, Session
from tests.stack.waiting import wait_for

QUEUE, RULE = "heard-by-the-tests", "tests-listen"


class Announcements:
    """Everything that was heard, in the order it came; tests share it and pick their sessions'."""

    def __init__(self, backstage: Backstage, queue_url: str) -> None:
        self._sqs = backstage.sqs
        self._queue_url = queue_url
        self._heard: list[Json] = []

    @classmethod
    def on(cls, backstage: Backstage) -> Self:
        """Start to listen."""
        queue_url = backstage.sqs.create_queue(QueueName=QUEUE)["QueueUrl"]
        _attach(backstage, queue_url)
        return cls(backstage, queue_url)

    def about(self, *sessions: Session) -> list[Json]:
        """Return what was heard of *sessions* so far, in the order it came."""
        self._listen()
        ids = {session.session_id for session in sessions}
        return [event for event in self._heard if event["detail"]["sessionId"] in ids]

    def wait_for(self, number: int, *sessions: Session) -> list[Json]:
        """Wait until *number* events were heard of *sessions*."""

        def enough() -> list[Json] | None:
            events = self.about(*sessions)
            return events if len(events) >= number else None

        return wait_for(f"{number} events of {[each.session_id for each in sessions]}", enough)

    def _listen(self) -> None:
        """Take all that has come since, for good."""
        while messages := self._receive():
            for message in messages:
                self._heard.append(json.loads(message["Body"]))
                handle = message["ReceiptHandle"]
                self._sqs.delete_message(QueueUrl=self._queue_url, ReceiptHandle=handle)

    def _receive(self) -> list[Json]:
        """Take what one call gives."""
        answer = self._sqs.receive_message(QueueUrl=self._queue_url, MaxNumberOfMessages=10)
        return [dict(message) for message in answer.get("Messages", [])]


def _attach(backstage: Backstage, queue_url: str) -> None:
    """Let a rule of its own copy everything the stack says to the queue."""
    sqs, events, bus = backstage.sqs, backstage.events, backstage.stack.bus
    answer = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])
    arn = answer["Attributes"]["QueueArn"]
    sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"Policy": _open_to_the_bus(arn)})
    everything = json.dumps({"source": ["training.sessions"]})
    events.put_rule(Name=RULE, EventPattern=everything, EventBusName=bus)
    events.put_targets(Rule=RULE, Targets=[{"Id": "queue", "Arn": arn}], EventBusName=bus)


def _open_to_the_bus(arn: str) -> str:
    """Return the policy that lets EventBridge fill the queue *arn*."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
