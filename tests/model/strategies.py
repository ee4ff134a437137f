"""The operations that may come next."""

from hypothesis import strategies as st

from shared.domain.attendance import Mark
from tests.model.closing import Finalize, Relay
from tests.model.drafting import Patch
from tests.model.judging import Hear, RecordChanged
from tests.model.operation import Operation, Seen
from tests.model.planning import Register, SetCourse
from tests.model.reading import ViewPerson, ViewRecords, ViewSession, ViewSheet
from tests.model.scripts import ready
from tests.model.sheets import Announce, Content, Notify, Send, Store
from tests.model.state import AS_ON_AWS, COURSES, PEOPLE, SESSIONS, TIGHT

sessions = st.sampled_from(SESSIONS)
courses = st.sampled_from(COURSES)
people = st.sampled_from(PEOPLE)
seen = st.sampled_from((Seen.NONE, Seen.NONE, Seen.CURRENT, Seen.STALE))
keys = st.sampled_from((None, "key-a", "key-b"))
batches = st.one_of(st.none(), st.integers(0, 3))
ago = st.integers(0, 5)
some_people = st.lists(people, unique=True, max_size=len(PEOPLE)).map(tuple)
contents = st.sampled_from((Content.SHEET, Content.SHEET, Content.PICTURE, Content.TOO_LARGE))

marks = st.builds(
    Mark,
    people,
    is_present=st.sampled_from((True, True, False)),
    has_passed=st.sampled_from((True, True, False)),
    remarks=st.sampled_from((None, "", "left early", "repeats the practical part")),
)
many_marks = st.lists(
    marks, unique_by=lambda mark: mark.personnel_id, min_size=1, max_size=len(PEOPLE)
).map(tuple)

everybodys_marks = st.tuples(
    *(
        st.builds(
            Mark,
            st.just(person),
            is_present=st.sampled_from((True, True, True, False)),
            has_passed=st.sampled_from((True, True, False)),
        )
        for person in PEOPLE
    )
)

patches = st.builds(Patch, sessions, many_marks, seen)
validity = st.sampled_from((None, 1, 12))
set_courses = st.builds(SetCourse, courses, st.booleans(), validity)
registrations = st.builds(
    Register,
    sessions,
    added=some_people,
    removed=some_people,
    status=st.sampled_from((None, None, "SCHEDULED", "IN_PROGRESS", "CANCELLED")),
    course=st.sampled_from((*COURSES, *COURSES, "no-such-course")),
    days_ago=st.sampled_from((0, 0, 0, -2, 20, 345, 400)),
    timezone=st.sampled_from(
        ("Europe/Berlin", "Asia/Tokyo", "Pacific/Kiritimati", "America/Los_Angeles")
    ),
    job=st.sampled_from(("Scaffolder", "Rigger")),
    seen=seen,
)
uploads: st.SearchStrategy[Operation] = st.one_of(
    st.builds(Announce, sessions, contents, st.booleans()),
    st.builds(Send, ago),
    st.builds(Store, sessions, contents, st.booleans()),
)
notifications = st.builds(Notify, ago)
finalizations = st.builds(Finalize, sessions, keys, seen, batches)
relays = st.builds(Relay, batches)
recalculations: st.SearchStrategy[Operation] = st.one_of(
    st.builds(Hear, ago), st.builds(Hear, ago), st.builds(RecordChanged, people)
)
readings: st.SearchStrategy[Operation] = st.one_of(
    st.builds(ViewSession, sessions),
    st.builds(ViewRecords, sessions, st.sampled_from((2, 1000))),
    st.builds(ViewPerson, people, st.sampled_from((0, -400, 340, 370))),
    st.builds(ViewSheet, sessions),
)

changes: st.SearchStrategy[Operation] = st.one_of(
    finalizations, patches, registrations, uploads, notifications, set_courses, relays
)
operations: st.SearchStrategy[Operation] = st.one_of(
    finalizations, changes, recalculations, readings
)

closings: st.SearchStrategy[Operation] = st.one_of(finalizations, finalizations, relays)

limits = st.sampled_from((AS_ON_AWS, TIGHT))


beginnings = st.builds(
    ready,
    st.lists(everybodys_marks, min_size=1, max_size=2),
    st.tuples(*(st.builds(SetCourse, st.just(name), st.booleans(), validity) for name in COURSES)),
)
