"""The third story: more people than one database transaction carries, and still all or nothing."""

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

from local import samples
from local.demo.client import Answer
from local.demo.stage import Stage
from local.samples import Person, crowd

WHOLE_YARD = "whole-yard-2026-11-13"
PEOPLE = 250
EVERYBODY = [crowd.person(number) for number in range(PEOPLE)]
# Of everybody on the list, these were not there, and these were and failed.
ABSENT, FAILED = EVERYBODY[::36], EVERYBODY[20::50]
MARKS = [
    crowd.mark(person, present=person not in ABSENT, passed=person not in FAILED)
    for person in EVERYBODY
]
COUNTS = {"trainingRecords": 243, "competencyRecords": 0, "passed": 238, "failed": 5, "absent": 7}
RECORDS = 243
GATEWAY_SECONDS = 29


def play(stage: Stage) -> None:
    story, session_id = stage.story, stage.named(WHOLE_YARD)
    story.scene(
        "Two hundred and fifty at once",
        "The whole yard was inducted. One database transaction carries 97 records, so this "
        "session is sealed, its records are staged, and then it is completed. An auditor keeps "
        "asking for the records meanwhile.",
    )
    _prepare(stage, session_id)
    with _auditor(stage, session_id) as looks:
        answer, seconds = _finalize(stage, session_id)
    seen = {name: answer.body[name] for name in COUNTS}
    story.check("the answer to finalize", expected=COUNTS, seen=seen)
    story.check("the status", expected="COMPLETED", seen=answer.body["status"])
    story.check("whether the gateway would wait", expected=True, seen=seconds < GATEWAY_SECONDS)
    story.done(f"{RECORDS} records of {PEOPLE} people, COMPLETED in {seconds:.1f} seconds.")
    _show_looks(stage, looks)
    _check_records(stage, session_id)


def _prepare(stage: Stage, session_id: str) -> None:
    """Bring the session to where nothing is left but to finalize it."""
    story, session = stage.story, crowd.induction(stage.named("site-induction"), EVERYBODY)
    stage.admin.put_session(session_id, session).expect(201)
    saved = stage.trainer.save_attendance(session_id, MARKS).expect(200).body
    story.check("the marks saved", expected=PEOPLE, seen=saved["updated"])
    sheet = samples.sheet_pdf()
    stage.admin.upload_sheet(session_id, "whole-yard.pdf", sheet, "application/pdf").expect(202)
    evidence = stage.admin.wait_for_hash(session_id)
    story.check("the state of the sheet", expected="ACCEPTED", seen=evidence["state"])
    story.done(f"{PEOPLE} people on the roster, all of them marked, and a sheet that is ACCEPTED.")


def _finalize(stage: Stage, session_id: str) -> tuple[Answer, float]:
    started = time.monotonic()
    answer = stage.admin.finalize(session_id).expect(200)
    return answer, time.monotonic() - started


@contextmanager
def _auditor(stage: Stage, session_id: str) -> Iterator[list[int]]:
    """Count the records again and again while the block runs, once before it and once after."""
    looks, over = [len(stage.auditor.records(session_id))], Event()

    def keep_looking() -> None:
        while not over.is_set():
            looks.append(len(stage.auditor.records(session_id)))

    with ThreadPoolExecutor(max_workers=1) as thread:
        looking = thread.submit(keep_looking)
        try:
            yield looks
        finally:
            over.set()
        looking.result()
    looks.append(len(stage.auditor.records(session_id)))


def _show_looks(stage: Stage, looks: list[int]) -> None:
    story, none = stage.story, looks.count(0)
    story.check(
        "the looks at a part", expected=[], seen=[n for n in looks if n not in (0, RECORDS)]
    )
    story.check("the first look and the last", expected=[0, RECORDS], seen=[looks[0], looks[-1]])
    story.check("whether they ever went again", expected=looks, seen=sorted(looks))
    story.done(
        f"The auditor looked {len(looks)} times: {none} times no record, {len(looks) - none} times "
        f"all {RECORDS}, never a part."
    )


def _check_records(stage: Stage, session_id: str) -> None:
    items = stage.auditor.records(session_id)
    has_record = {record["personnelId"] for record in items}
    has_failed = {record["personnelId"] for record in items if record["result"] == "FAILED"}
    stage.story.check("who has a record", expected=_ids(EVERYBODY) - _ids(ABSENT), seen=has_record)
    stage.story.check("whose record says FAILED", expected=_ids(FAILED), seen=has_failed)


def _ids(people: Iterable[Person]) -> set[str]:
    return {person["personnelId"] for person in people}
