"""Choosing a sample event."""

import pytest

from local.invocation.samples import NoSuchSample, sample


@pytest.mark.parametrize(
    ("function", "case", "named"),
    [
        ("finalise", "happy_path", "finalize_session"),
        ("finalize_session", "happy", "evidence_missing"),
    ],
)
def test_unknown_sample_is_told_what_there_is(function: str, case: str, named: str) -> None:
    """Who mistypes a name finds it in the refusal."""
    with pytest.raises(NoSuchSample, match=named):
        sample(function, case)
