"""
Whether the witness follows the tables.

On AWS's own engine this is not asked: there the tables have the engine's streams, and the deployed
mappings those of MiniStack's tables.
"""

import pytest

from tests.stack.operator import Operator

pytestmark = pytest.mark.stack


def test_mapping_that_is_switched_off_is_named(operator: Operator) -> None:
    """The nightly check sees it with its own rights, and no more once it is switched on again."""
    mapping = operator.resources["CourseWitnessMapping"]

    operator.lambda_.update_event_source_mapping(UUID=mapping, Enabled=False)
    try:
        night = operator.invoke("verify_sealed_sessions", {})
    finally:
        operator.lambda_.update_event_source_mapping(UUID=mapping, Enabled=True)

    assert night["error"] is None
    assert night["payload"]["witness_faults"] == ["the witness does not follow Courses"]
