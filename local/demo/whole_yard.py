"""The third story: more people than fit one database transaction, and still all or nothing."""

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

from local import samples
from local.demo.client import Answer
from local.demo.run import DemoRun
from local.samples import Person, crowd

WHOLE_YARD = "whole-yard-2026-11-13"
PEOPLE = 250
EVERYBODY = [crowd.person(number) for number in range(PEOPLE)]
# The people on the list who were absent, and those who were present and failed.
ABSENT, FAILED = EVERYBODY[::36], EVERYBODY[20::50]
MARKS = [
    crowd.mark(person, present=person not in ABSENT, passed=person not in FAILED)
    for person in EVERYBODY
]
COUNTS = {"trainingRecords": 243, "competencyRecords": 0, "passed": 238, "failed": 5, "absent": 7}
RECORDS = 243
GATEWAY_SECONDS = 29


def play(run: DemoRun) -> None:
    story, session_id = run.story, run.named(WHOLE_YARD)
    story.scene(
        "Two hundred and fifty at once",
        "The whole yard was inducted. One database transaction carries 97 records, so this "
        "session is locked, its records are staged, and then it is completed. An auditor keeps "
        "asking for the records meanwhile.",
    )
    _prepare(run, session_id)
    with _auditor(run, session_id) as looks:
        answer, seconds = _finalize(run, session_id)
    seen = {name: answer.body[name] for name in COUNTS}
    story.check("the answer to finalize", expected=COUNTS, seen=seen)
    story.check("the status", expected="COMPLETED", seen=answer.body["status"])
    story.check("whether the gateway would wait", expected=True, seen=seconds < GATEWAY_SECONDS)
    story.done(f"{RECORDS} records of {PEOPLE} people, COMPLETED in {seconds:.1f} seconds.")
    _show_looks(run, looks)
    _check_records(run, session_id)


def _prepare(run: DemoRun, session_id: str) -> None:
    """Prepare the session so that it can be finalized."""
    story, session = run.story, crowd.induction(run.named("site-induction"), EVERYBODY)
    run.admin.put_session(session_id, session).expect(201)
    saved = run.trainer.save_attendance(session_id, MARKS).expect(200).body
    story.check("the marks saved", expected=PEOPLE, seen=saved["updated"])
    sheet = samples.sheet_pdf()
    run.admin.upload_sheet(session_id, "whole-yard.pdf", sheet, "application/pdf").expect(202)
    evidence = run.admin.wait_for_hash(session_id)
    story.check("the state of the sheet", expected="ACCEPTED", seen=evidence["state"])
    story.done(f"{PEOPLE} people on the roster, all of them marked, and a sheet that is ACCEPTED.")


def _finalize(run: DemoRun, session_id: str) -> tuple[Answer, float]:
    started = time.monotonic()
    answer = run.admin.finalize(session_id).expect(200)
    return answer, time.monotonic() - started


@contextmanager
def _auditor(run: DemoRun, session_id: str) -> Iterator[list[int]]:
    """Count the records repeatedly while the block runs, and once before and after it."""
    looks, over = [len(run.auditor.records(session_id))], Event()

    def keep_looking() -> None:
        while not over.is_set():
            looks.append(len(run.auditor.records(session_id)))

    with ThreadPoolExecutor(max_workers=1) as thread:
        looking = thread.submit(keep_looking)
        try:
            yield looks
        finally:
            over.set()
        looking.result()
    looks.append(len(run.auditor.records(session_id)))


def _show_looks(run: DemoRun, looks: list[int]) -> None:
    story, none = run.story, looks.count(0)
    story.check(
        "the looks at a part", expected=[], seen=[n for n in looks if n not in (0, RECORDS)]
    )
    story.check("the first look and the last", expected=[0, RECORDS], seen=[looks[0], looks[-1]])
    story.check("whether they ever went again", expected=looks, seen=sorted(looks))
    story.done(
        f"The auditor looked {len(looks)} times: {none} times no record, {len(looks) - none} times "
        f"all {RECORDS}, never a part."
    )


def _check_records(run: DemoRun, session_id: str) -> None:
    items = run.auditor.records(session_id)
    has_record = {record["personnelId"] for record in items}
    has_failed = {record["personnelId"] for record in items if record["result"] == "FAILED"}
    run.story.check("who has a record", expected=_ids(EVERYBODY) - _ids(ABSENT), seen=has_record)
    run.story.check("whose record says FAILED", expected=_ids(FAILED), seen=has_failed)


def _ids(people: Iterable[Person]) -> set[str]:
    return {person["personnelId"] for person in people}
