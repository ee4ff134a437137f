"""
The connection of the real stores to the simulated database: below PynamoDB, in place
of botocore.
"""

from pynamodb.connection import Connection

from shared.storage.database import Tables, connect
from tests.conftest import REGION
from tests.simulation.database import Database, Reply
from tests.simulation.scheduler import Scheduler
from tests.simulation.tables import Request

TABLES = Tables(
    sessions="Sessions",
    courses="Courses",
    course_audit="CourseAudit",
    records="Records",
    compliance="Compliance",
    outbox="Outbox",
    audit="Audit",
    sheets="Sheets",
)


class Client:
    """What PynamoDB needs of botocore's client, without signatures."""

    _request_signer = None

    def __init__(self, database: Database) -> None:
        self._database = database

    def _make_api_call(self, operation: str, request: Request) -> Reply:
        return self._database.answer(operation, request)


def connected(scheduler: Scheduler) -> tuple[Connection, Database]:
    """Bind the models to a new database, and return it with its connection."""
    connection = connect(TABLES, REGION)
    database = Database(scheduler, connection)
    connection._client = Client(database)  # type: ignore[assignment]  # noqa: SLF001 - PynamoDB takes none
    return connection, database
