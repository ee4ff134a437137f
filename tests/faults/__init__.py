import pytest

# Their assertions explain themselves like those of tests.
pytest.register_assert_rewrite(
    "tests.faults.drafts",
    "tests.faults.finalizations",
    "tests.faults.matrix",
    "tests.faults.promises",
    "tests.faults.relays",
    "tests.faults.seals",
    "tests.faults.sheets",
    "tests.faults.views",
)
