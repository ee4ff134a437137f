"""`sam remote invoke` with the sample events, so that they cannot rot."""

from concurrent.futures import Future

import pytest

from tests.stack.backstage import FUNCTIONS

pytestmark = pytest.mark.stack


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_takes_its_sample_event(
    function: str, sample_answers: dict[str, Future[str]]
) -> None:
    """
    Whatever it finds in this stack, it answers, and does not fail.
    """
    answer = sample_answers[function].result()

    assert "errorType" not in answer
    assert '"statusCode": 5' not in answer
