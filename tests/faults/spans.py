"""How long faults last in a test that has one case for each."""

import pytest

from tests.faults.faults import Span

# One failed try is the common case; what is rarer is for those who have time.
SPANS = [
    Span.TRY,
    pytest.param(Span.CALL, marks=pytest.mark.torture),
    pytest.param(Span.REST, marks=pytest.mark.torture),
]
