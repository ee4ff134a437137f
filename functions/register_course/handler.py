"""
PUT /courses/{courseId}: an admin, or the course module on an admin's behalf, states a course's
rules.
"""

from aws_lambda_powertools.event_handler import Response

from functions.register_course.request import CourseBody
from functions.register_course.use_case import register_course
from shared.contracts.body import parse
from shared.contracts.fields import path_id
from shared.contracts.session import CourseShape
from shared.domain.people import ADMINS
from shared.runtime import wiring
from shared.runtime.http import Api, answer
from shared.runtime.observability import logger

app = Api()


@app.put("/v1/training/courses/<course_id>")
def put_course(course_id: str) -> Response[str]:
    app.admit(ADMINS, course_id=course_id)
    body = parse(CourseBody, app.body_bytes)
    course = register_course(body.course(path_id("courseId", course_id)), wiring.courses())
    logger.info("course registered", extra={"revision": course.revision})
    return answer(CourseShape.model_validate(course))


lambda_handler = app.handler()
