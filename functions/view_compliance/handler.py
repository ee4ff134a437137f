"""
GET /personnel/{personnelId}/compliance, open to every role.
"""

from datetime import date, timedelta

from aws_lambda_powertools.event_handler import Response

from functions.view_compliance.request import as_of
from functions.view_compliance.use_case import Standing, view_compliance
from shared.contracts.fields import path_cuid
from shared.contracts.records import ComplianceShape, RecordShape, StandingShape
from shared.domain.people import ANY_ROLE
from shared.runtime import wiring
from shared.runtime.http import Api, answer
from shared.runtime.settings import settings

app = Api()


@app.get("/v1/training/personnel/<personnel_id>/compliance")
def get_compliance(personnel_id: str) -> Response[str]:
    app.admit(ANY_ROLE, personnel_id=personnel_id)
    day = as_of(app.current_event.query_string_parameters, wiring.now().date())
    standings = view_compliance(
        path_cuid("personnelId", personnel_id),
        day,
        timedelta(days=settings().expiring_soon_days),
        wiring.records(),
        wiring.compliance(),
    )
    return answer(_shape(personnel_id, day, standings))


def _shape(personnel_id: str, day: date, standings: list[Standing]) -> ComplianceShape:
    return ComplianceShape(
        personnel_id=personnel_id,
        as_of=day,
        items=[
            StandingShape(
                course_id=standing.course_id,
                status=standing.verdict.colour,
                expiry_date=standing.verdict.expiry_date,
                based_on=standing.verdict.record_id,
                calculated_at=standing.calculated_at,
                records=[RecordShape.model_validate(record) for record in standing.records],
            )
            for standing in standings
        ],
    )


lambda_handler = app.handler()
