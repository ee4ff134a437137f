"""`sam remote invoke` with the sample events, so that they cannot rot."""

from collections.abc import Callable

import pytest

from tests.stack.operator import FUNCTIONS

pytestmark = pytest.mark.stack


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_takes_its_sample_event(
    function: str, sample_answers: Callable[[], dict[str, str]]
) -> None:
    """With the data of this stack, it answers and does not fail."""
    answer = sample_answers()[function]

    assert "errorType" not in answer
    assert '"statusCode": 5' not in answer
