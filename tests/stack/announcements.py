"""The events other modules get: a queue of ours on the stack's event bus."""

import json
from typing import Self

from testing.api import Json, Session
from testing.waiting import wait_for
from tests.stack.operator import Operator

QUEUE, RULE = "heard-by-the-tests", "tests-listen"


class Announcements:
    """All events received, in order; tests share it and pick those of their sessions."""

    def __init__(self, operator: Operator, queue_url: str) -> None:
        self._sqs = operator.sqs
        self._queue_url = queue_url
        self._heard: list[Json] = []

    @classmethod
    def on(cls, operator: Operator) -> Self:
        """Start to receive."""
        queue_url = operator.sqs.create_queue(QueueName=QUEUE)["QueueUrl"]
        _attach(operator, queue_url)
        return cls(operator, queue_url)

    def about(self, *sessions: Session) -> list[Json]:
        """Return the events of *sessions* so far, in the order they came."""
        self._listen()
        ids = {session.session_id for session in sessions}
        return [event for event in self._heard if event["detail"]["sessionId"] in ids]

    def wait_for(self, number: int, *sessions: Session) -> list[Json]:
        """Wait until *number* events of *sessions* have come."""

        def enough() -> list[Json] | None:
            events = self.about(*sessions)
            return events if len(events) >= number else None

        return wait_for(f"{number} events of {[each.session_id for each in sessions]}", enough)

    def _listen(self) -> None:
        """Receive and delete all messages."""
        while messages := self._receive():
            for message in messages:
                self._heard.append(json.loads(message["Body"]))
                handle = message["ReceiptHandle"]
                self._sqs.delete_message(QueueUrl=self._queue_url, ReceiptHandle=handle)

    def _receive(self) -> list[Json]:
        """Receive the messages of one call."""
        answer = self._sqs.receive_message(QueueUrl=self._queue_url, MaxNumberOfMessages=10)
        return [dict(message) for message in answer.get("Messages", [])]


def _attach(operator: Operator, queue_url: str) -> None:
    """Add a rule that copies every event of the stack to the queue."""
    sqs, events, bus = operator.sqs, operator.events, operator.stack.bus
    answer = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])
    arn = answer["Attributes"]["QueueArn"]
    sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"Policy": _open_to_the_bus(arn)})
    everything = json.dumps({"source": ["training.sessions"]})
    events.put_rule(Name=RULE, EventPattern=everything, EventBusName=bus)
    events.put_targets(Rule=RULE, Targets=[{"Id": "queue", "Arn": arn}], EventBusName=bus)


def _open_to_the_bus(arn: str) -> str:
    """Return the policy that lets EventBridge write to the queue *arn*."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
