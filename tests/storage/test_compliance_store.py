"""The `ComplianceStore` port: no calculation overwrites one that is based on newer records."""

import pytest

from shared.application.retry import ConcurrentChange
from shared.domain.compliance import Colour, Compliance, Verdict
from testing.builders import COURSE_ID, a_cuid, a_standing
from tests.storage.conftest import Stores

PERSON = a_cuid(1)


class TestComplianceStore:
    """What holds for both stores."""

    @pytest.mark.parametrize(
        "standing",
        [
            a_standing(),
            a_standing(verdict=Verdict(Colour.RED)),
            a_standing(verdict=Verdict(Colour.GREEN, "record-1", None)),
        ],
    )
    def test_of_person_returns_what_was_saved(self, stores: Stores, standing: Compliance) -> None:
        """Every field comes back as it went in."""
        stores.compliance.save(standing)

        assert stores.compliance.of_person(PERSON) == [standing]

    def test_of_person_returns_every_course_of_that_person(self, stores: Stores) -> None:
        """All courses of that person are returned, and no one else's."""
        mine = [a_standing(course_id=course) for course in ("a", "b")]
        for standing in (*mine, a_standing(personnel_id=a_cuid(2))):
            stores.compliance.save(standing)

        found = stores.compliance.of_person(PERSON)

        assert sorted(found, key=lambda known: known.course_id) == mine

    def test_of_person_of_an_unknown_person_is_empty(self, stores: Stores) -> None:
        """A person who was never judged has no standing."""
        assert stores.compliance.of_person(a_cuid(9)) == []

    def test_in_course_returns_those_who_have_a_standing(self, stores: Stores) -> None:
        """Of the people asked for, in the course asked for."""
        standings = [a_standing(personnel_id=a_cuid(number)) for number in (1, 2, 3)]
        for standing in (*standings, a_standing(course_id="other", personnel_id=a_cuid(4))):
            stores.compliance.save(standing)

        found = stores.compliance.in_course(COURSE_ID, [a_cuid(n) for n in (1, 3, 4, 5)])

        assert sorted(known.personnel_id for known in found) == [a_cuid(1), a_cuid(3)]

    def test_in_course_of_no_one_is_empty(self, stores: Stores) -> None:
        """Without ids the answer is empty."""
        assert stores.compliance.in_course(COURSE_ID, []) == []

    def test_save_replaces_the_calculation_before(self, stores: Stores) -> None:
        """The next calculation has the next number, and nothing of the last one stays."""
        stores.compliance.save(a_standing(revision=1))
        red = a_standing(verdict=Verdict(Colour.RED), revision=2)

        stores.compliance.save(red)

        assert stores.compliance.of_person(PERSON) == [red]

    @pytest.mark.parametrize("revision", [1, 2, 4])
    def test_save_loses_unless_it_follows_the_stored_one(
        self, stores: Stores, revision: int
    ) -> None:
        """A calculation made on an older standing may have seen fewer records."""
        for number in (1, 2):
            stores.compliance.save(a_standing(revision=number))

        with pytest.raises(ConcurrentChange):
            stores.compliance.save(a_standing(verdict=Verdict(Colour.RED), revision=revision))

        assert stores.compliance.of_person(PERSON) == [a_standing(revision=2)]

    def test_save_loses_if_there_is_nothing_to_follow(self, stores: Stores) -> None:
        """The first calculation is numbered 1."""
        with pytest.raises(ConcurrentChange):
            stores.compliance.save(a_standing(revision=2))

        assert stores.compliance.of_person(PERSON) == []
