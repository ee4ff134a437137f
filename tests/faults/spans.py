"""How long faults last in a test that has one case for each."""

import pytest

from tests.faults.faults import Span

_CALL = pytest.param(Span.CALL, marks=pytest.mark.torture)
_REST = pytest.param(Span.REST, marks=pytest.mark.torture)

# What is rarer than one failed try is for those who have time,
ONE_TRY_BY_DEFAULT = [Span.TRY, _CALL, _REST]
# except where most depends on it.
NO_END_BY_DEFAULT = [Span.TRY, _CALL, Span.REST]
