"""GET /personnel/{personnelId}/compliance, open to every role."""

from datetime import date, datetime

from aws_lambda_powertools.event_handler import Response

from functions.view_compliance.request import as_of
from functions.view_compliance.use_case import Judge, Standing, view_compliance
from shared.contracts.records import (
    ComplianceResponse,
    RecordResponse,
    StandingResponse,
    within_an_answer,
)
from shared.domain.compliance import verdict_at, verdict_on
from shared.domain.people import ANY_ROLE
from shared.runtime import clock
from shared.runtime.http import Api, answer
from shared.runtime.wiring import wiring

app = Api()


@app.route("GET", "/personnel/<personnel_id>/compliance", roles=ANY_ROLE)
def get_compliance(personnel_id: str) -> Response[str]:
    day, now = as_of(app.query), clock.now()
    standings = view_compliance(
        personnel_id, _judge(day, now), wiring().records, wiring().compliance
    )
    return answer(_response(personnel_id, day, now, standings))


def _judge(day: date | None, now: datetime) -> Judge:
    if day is None:
        return lambda records: verdict_at(records, now, wiring().expiring_soon)
    return lambda records: verdict_on(records, day, wiring().expiring_soon)


def _response(
    personnel_id: str, day: date | None, now: datetime, standings: list[Standing]
) -> ComplianceResponse:
    return ComplianceResponse(
        personnel_id=personnel_id,
        as_of=day or now.date(),
        judged_at=None if day else now,
        items=within_an_answer(
            StandingResponse(
                course_id=standing.course_id,
                status=standing.verdict.colour,
                expiry_date=standing.verdict.expiry_date,
                changes_at=standing.verdict.changes_at,
                based_on=standing.verdict.record_id,
                calculated_at=standing.calculated_at,
                records=[RecordResponse.model_validate(record) for record in standing.records],
            )
            for standing in standings
        ),
    )


lambda_handler = app.handler()
