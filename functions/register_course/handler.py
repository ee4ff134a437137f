"""PUT /courses/{courseId}: an admin, or the course module for one, sets a course's rules."""

from aws_lambda_powertools.event_handler import Response

from functions.register_course.request import CourseBody
from functions.register_course.use_case import register_course
from shared.contracts.body import parse
from shared.contracts.session import CourseResponse
from shared.domain.course_conditions import CourseConditions
from shared.domain.people import ADMINS
from shared.runtime.http import Api, answer
from shared.runtime.observability import logger
from shared.runtime.wiring import wiring

app = Api()


@app.route("PUT", "/courses/<course_id>", roles=ADMINS)
def put_course(course_id: str) -> Response[str]:
    body = parse(CourseBody, app.body_bytes)
    wanted = body.course(course_id)
    conditions = CourseConditions(app.expected, app.unwanted)
    course = register_course(wanted, app.change(), wiring().courses, wiring().pause, conditions)
    logger.info("course registered", extra={"revision": course.revision})
    return answer(CourseResponse.model_validate(course), etag=f'"{course.revision}"')


lambda_handler = app.handler()
