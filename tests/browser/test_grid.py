"""The grid: marking, saving, undoing, and concurrent changes."""

from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import APIResponse, Dialog, Locator, Request, Route, expect

from testing.api import (
    Json,
    Session,
    a_session,
    a_sheet,
    checked_evidence,
    file_part,
    fresh,
    grid,
    mark,
    seen,
)
from testing.desk import Desk

RIGHT_TO_LEFT = "\u202e"
# The texts with that mark that stand in no element of a direction of its own.
NOT_ENCLOSED = """mark => {
    const found = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const { data, parentElement } = texts.currentNode;
        if (data.includes(mark) && !parentElement.closest("bdi, [dir=auto]")) found.push(data);
    }
    return found;
}"""
# The name of what has the focus.
FOCUSED = "document.activeElement.getAttribute('aria-label')"
# What the page's regions for screen readers come to say, from now on.
HEAR = """() => {
    window.heard = [];
    const listen = ({ target }) => {
        const region = (target.closest ? target : target.parentElement).closest("[role=status]");
        if (region?.textContent.trim()) heard.push(region.textContent.trim());
    };
    new MutationObserver((changes) => changes.forEach(listen))
        .observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
# The fields that reach beyond their row or the grid, and names whose first letter is not in sight.
CUT = """() => {
    const grid = document.querySelector(".grid .body");
    const within = (inner, outer) =>
        inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1 &&
        inner.left >= outer.left - 1 && inner.right <= outer.right + 1;
    const [first] = grid.querySelectorAll(".person");
    const names = [...grid.querySelectorAll(".name a")].filter((it) => {
        const letter = new Range();
        letter.setStart(it.firstChild, 0);
        letter.setEnd(it.firstChild, 1);
        return !within(letter.getBoundingClientRect(), it.getBoundingClientRect());
    });
    const fields = [...first.querySelectorAll("input, .state, a")].filter((it) => {
        const [box, row] = [it, first].map((one) => one.getBoundingClientRect());
        return !within(box, row) || box.right > grid.getBoundingClientRect().right;
    });
    return [...names, ...fields].map((it) => it.outerHTML);
}"""
ARABIC = "عبد الرحمن بن عبد العزيز بن محمد آل سعود الفيصلي القحطاني الغامدي"
MARKUP = "<script>document.title='broken'</script><img src=x onerror=alert(1)>"


def rows(person: httpx.Client, session: Session) -> dict[str, Json]:
    """Return the grid as the server has it, by name."""
    return {row["name"]: row for row in seen(person, session)["attendees"]}


@pytest.fixture
def letters(admin: httpx.Client) -> Session:
    """A session with a long name in Arabic letters."""
    names = {"cletters0000000001": ARABIC, "cletters0000000002": "Karl-Friedrich Oberhuber"}
    return a_session(
        admin,
        attendees=[
            {"personnelId": person, "name": name, "jobTitle": "Scaffolder"}
            for person, name in names.items()
        ],
    )


WAYS_IN: dict[str, Callable[[Locator], object]] = {
    "a click": Locator.click,
    # What a browser does that gives no focus to a touched box.
    "a touch": lambda field: field.dispatch_event("click"),
    "a script": Locator.focus,
}


def test_keys_go_on_from_where_the_person_is(desk: Desk, admin: httpx.Client) -> None:
    """By whichever way they came to a row far down the list, the next key moves below it."""
    session = a_session(admin, people=120)
    desk.open(session)
    keys = desk.page.keyboard
    body = desk.page.locator(".grid .body")
    found = {}
    for (way, enter), person in zip(WAYS_IN.items(), (84, 50, 110), strict=True):
        body.evaluate(f"it => it.scrollTop = {person - 2} * 52")
        enter(desk.mark("Present", f"Person {person:04}"))
        keys.press("ArrowDown")
        found[way] = desk.page.evaluate(FOCUSED)
        keys.press("Shift+Tab")
        keys.press("Tab")
        assert desk.page.evaluate(FOCUSED) == found[way]

    assert found == {
        "a click": "Present: Person 0085",
        "a touch": "Present: Person 0051",
        "a script": "Present: Person 0111",
    }
    desk.mark("Remarks", "Person 0113").click()
    keys.type("Came late")
    body.evaluate("it => it.scrollTop = 0")
    expect(desk.mark("Present", "Person 0000")).to_be_attached()
    keys.type(", left early")
    keys.press("Enter")
    assert desk.page.evaluate(FOCUSED) == "Remarks: Person 0114"
    desk.saved()
    assert rows(admin, session)["Person 0113"]["remarks"] == "Came late, left early"


def test_a_step_is_undone_done_again_and_survives_a_reload(desk: Desk, admin: httpx.Client) -> None:
    """Keys lead to the field that changed, on the mark of before; a reload forgets no step."""
    session = a_session(admin)
    desk.open(session)
    keys = desk.page.keyboard
    remark = desk.mark("Remarks", "Person 0001")
    desk.mark("Present", "Person 0000").click()
    remark.click()
    keys.type("Arrived late")
    desk.saved()
    keys.type(", left early")

    keys.press("Control+z")

    expect(remark).to_have_value("Arrived late")
    keys.press("Control+y")
    expect(remark).to_have_value("Arrived late, left early")
    keys.press("Control+a")
    keys.press("Delete")
    expect(remark).to_have_value("")
    keys.press("Control+z")
    expect(remark).to_have_value("Arrived late, left early")
    keys.press("Control+z")
    desk.wait_until(lambda: rows(admin, session)["Person 0001"].get("remarks") == "Arrived late")
    expect(desk.text("not saved yet")).to_have_count(0)
    desk.page.reload()
    desk.button("Undo").click()
    expect(remark).to_have_value("")
    expect(remark).to_be_focused()
    keys.press("Control+z")
    expect(desk.mark("Present", "Person 0000")).to_be_focused()
    expect(desk.mark("Present", "Person 0000")).not_to_be_checked()
    keys.press("Control+Shift+z")
    keys.press("Control+Shift+z")
    expect(remark).to_have_value("Arrived late")
    expect(desk.mark("Present", "Person 0000")).to_be_checked()
    expect(desk.text("not saved yet")).to_have_count(0)


def test_only_what_changed_is_sent(desk: Desk, admin: httpx.Client) -> None:
    """Two marks of one of ten people are one row in one request, with the version that was seen."""
    session = a_session(admin, people=10)
    sent: list[Request] = []
    desk.page.on("request", lambda it: sent.append(it) if it.method == "PATCH" else None)
    desk.open(session)

    desk.mark("Present", "Person 0003").check()
    desk.mark("Remarks", "Person 0003").fill("Left at noon")

    desk.saved()
    (request,) = sent
    assert request.post_data_json == grid(
        mark(session.people[3], present=True, passed=True, remarks="Left at noon")
    )
    assert request.headers["if-match"].startswith('"1.')
    assert rows(admin, session)["Person 0003"]["remarks"] == "Left at noon"


def test_passed_is_disabled_for_an_absent_person(desk: Desk, admin: httpx.Client) -> None:
    """It is greyed out, says so, and takes no click; after Present it is as it was."""
    desk.open(a_session(admin))
    passed = desk.mark("Passed", "Person 0000")
    expect(passed).to_be_disabled()

    passed.click(force=True)

    expect(passed).not_to_be_checked()
    expect(desk.text("not saved yet.")).to_have_count(0)
    desk.mark("Present", "Person 0000").check()
    expect(passed).to_be_enabled()
    expect(passed).to_be_checked()
    passed.uncheck()
    desk.saved()


def test_all_shown_are_marked_at_once_and_unmarked_by_undo(desk: Desk, admin: httpx.Client) -> None:
    """Rows that a filter hides are unchanged, and one undo reverses one action."""
    session = a_session(admin, people=12)
    desk.open(session)
    desk.field("Find people").fill("001")
    expect(desk.text("3 of 12 people shown.")).to_be_visible()

    desk.button("Mark 3 shown present").click()

    expect(desk.text("3 present")).to_be_visible()
    desk.saved()
    present = [name for name, row in rows(admin, session).items() if row["isPresent"]]
    assert present == ["Person 0001", "Person 0010", "Person 0011"]
    desk.button("Undo").click()
    expect(desk.text("0 present")).to_be_visible()
    desk.saved()
    expect(desk.button("Undo")).to_be_disabled()


def test_the_rest_is_marked_absent_at_once(desk: Desk, admin: httpx.Client) -> None:
    """Whoever nobody marked is told from whoever was marked absent, and one button says so."""
    session = a_session(admin, people=4)
    desk.open(session)
    expect(desk.text("4 not marked yet")).to_be_visible()
    desk.mark("Present", "Person 0001").check()
    expect(desk.text("3 not marked yet")).to_be_visible()

    desk.button("Mark the rest absent").click()

    desk.saved()
    expect(desk.text("3 not marked yet")).to_have_count(0)
    expect(desk.button("Mark the rest absent")).to_be_disabled()
    marked = {
        name: (row["isPresent"], row["isMarked"]) for name, row in rows(admin, session).items()
    }
    assert marked == {f"Person 000{n}": (n == 1, True) for n in range(4)}


def test_all_present_passes_over_who_was_marked(desk: Desk, admin: httpx.Client) -> None:
    """Whoever was marked, or has a remark, stays as they are, and the page says how many are."""
    session = a_session(admin, people=5)
    sick, left, failed, *_ = session.people
    admin.patch(
        session.attendance,
        json=grid(
            mark(sick, present=False, remarks="Called in sick"),
            mark(left, present=False),
            mark(failed, passed=False),
        ),
    ).raise_for_status()
    desk.open(session)
    expect(desk.text("1 present · 2 absent · 1 failed · 2 not marked yet")).to_be_visible()
    described = {"Person 0001": "Absent", "Person 0003": "Not marked"}
    for name, words in described.items():
        expect(desk.mark("Present", name)).to_have_accessible_description(words)
    desk.picture("partly-marked")

    desk.button("Mark the rest present").click()

    expect(desk.text("2 people marked. 3 marked already").first).to_be_visible()
    expect(desk.button("Mark the rest present")).to_be_focused()
    desk.saved()
    found = [row["isPresent"] for row in rows(admin, session).values()]
    assert found == [False, False, True, True, True]
    desk.field("Find people").fill("000")
    desk.page.get_by_role("combobox", name="Show").select_option("Present")
    desk.button("Mark 2 shown failed").click()
    expect(desk.text("3 present · 2 absent · 3 failed")).to_be_visible()


def test_a_range_is_marked_filled_down_and_copied(desk: Desk, admin: httpx.Client) -> None:
    """Shift with arrows or a click chooses people; space and Ctrl+D then mean all of them."""
    session = a_session(admin, people=6)
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.open(session)
    keys = desk.page.keyboard
    desk.mark("Present", "Person 0001").focus()
    keys.press("Shift+ArrowDown")
    keys.press("Shift+ArrowDown")
    expect(desk.text("3 people chosen.").first).to_be_visible()
    desk.picture("range")

    keys.press("Space")

    expect(desk.text("3 present")).to_be_visible()
    keys.press("Escape")
    expect(desk.text("people chosen.")).to_have_count(0)
    desk.mark("Remarks", "Person 0001").fill("Own harness")
    desk.mark("Remarks", "Person 0002").click(modifiers=["Shift"])
    keys.press("Control+d")
    desk.mark("Passed", "Person 0003").click(modifiers=["Shift"])
    keys.press("Control+c")
    told = desk.page.evaluate("navigator.clipboard.readText()")
    assert told.splitlines() == ["yes\tOwn harness", "yes\tOwn harness", "yes\t"]
    desk.button("Mark failed").click()
    expect(desk.text("3 failed")).to_be_visible()
    desk.field("Find people").fill("Person")
    expect(desk.text("people chosen.")).to_have_count(0)
    desk.saved()
    found = rows(admin, session).values()
    assert [row["isPresent"] for row in found] == [False, True, True, True, False, False]
    assert [row.get("remarks") for row in found][1:4] == ["Own harness", "Own harness", None]


def test_a_pasted_list_is_shown_before_it_marks(desk: Desk, admin: httpx.Client) -> None:
    """Who is meant and what changes stands there first; pressing marks them as one step."""
    session = a_session(admin, people=4)
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.open(session)
    desk.mark("Remarks", "Person 0002").fill("Late")
    copied = "0001 Person\tyes\tno\nPerson 0002\tyes\t\tOn time\nNobody Here\tyes\n"
    desk.page.evaluate("text => navigator.clipboard.writeText(text)", copied)
    desk.mark("Present", "Person 0000").focus()

    desk.page.keyboard.press("Control+v")

    expect(desk.dialog).to_contain_text("Nobody on the list is called so.")
    expect(desk.dialog).to_contain_text("Person 0001: present, failed")
    expect(desk.dialog).to_contain_text("instead of")
    expect(desk.text("0 present")).to_be_visible()
    desk.picture("pasted")
    desk.button("Mark 2 people").click()
    expect(desk.text("2 present")).to_be_visible()
    expect(desk.text("1 line is left out.").first).to_be_visible()
    desk.button("Copy for a spreadsheet").click()
    expect(desk.text("Copied.").first).to_be_visible()
    told = desk.page.evaluate("navigator.clipboard.readText()").splitlines()
    assert told[2:4] == ["Person 0001\tyes\tno\t", "Person 0002\tyes\tyes\tOn time"]
    desk.button("Undo").click()
    expect(desk.text("0 present")).to_be_visible()
    expect(desk.mark("Remarks", "Person 0002")).to_have_value("Late")
    desk.saved()


def test_a_pause_is_told_once(desk: Desk, admin: httpx.Client) -> None:
    """A screen reader hears one message when the person pauses: that it is saved."""
    desk.open(a_session(admin))
    desk.page.evaluate(HEAR)

    desk.mark("Remarks", "Person 0001").press_sequentially("Came late", delay=20)

    desk.saved()
    desk.wait_until(lambda: bool(desk.page.evaluate("heard.length")))
    (message,) = desk.page.evaluate("heard")
    assert message.startswith("Saved at ")


def test_text_of_twice_the_size_is_not_cut(desk: Desk, letters: Session) -> None:
    """Each field of a row is whole, and in sight; a name starts where it starts, in any script."""
    desk.open(letters)
    page = desk.page
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found = {}
    for width in (1200, 768, 360):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function("document.querySelector('.person').offsetHeight > 100")
        desk.picture(f"large-letters-{width}")
        found[width] = page.evaluate(CUT)

    assert found == {1200: [], 768: [], 360: []}


def test_text_of_people_is_never_markup(desk: Desk, admin: httpx.Client) -> None:
    """A name and a remark that look like HTML are shown letter by letter, everywhere."""
    person = {"personnelId": "cmarkup0000000001", "name": MARKUP, "jobTitle": MARKUP}
    session = a_session(admin, attendees=[person], title=MARKUP)
    desk.open(session)

    desk.mark("Remarks", MARKUP).fill(MARKUP)

    desk.saved()
    expect(desk.heading(MARKUP)).to_be_visible()
    desk.page.reload()
    expect(desk.mark("Remarks", MARKUP)).to_have_value(MARKUP)
    assert desk.page.locator("main img, main script").count() == 0
    assert "broken" not in desk.page.title().split("<")[0]


def test_a_name_turns_nothing_beside_it(desk: Desk, admin: httpx.Client) -> None:
    """A mark that turns the direction of writing ends with the name that has it, everywhere."""
    turned = f"{RIGHT_TO_LEFT}annA"
    person = {"personnelId": "cturned00000000001", "name": turned, "jobTitle": turned}
    trainer = {"id": "t-1", "name": turned, "qualification": turned}
    title = f"{turned} {fresh('turned')}"
    session = a_session(admin, attendees=[person], title=title, location=turned, trainer=trainer)
    admin.post(session.evidence, files=file_part(a_sheet(), f"{turned}.pdf")).raise_for_status()
    checked_evidence(admin, session)

    desk.open(session)

    expect(desk.mark("Present", turned)).to_be_attached()
    assert desk.page.evaluate(NOT_ENCLOSED, RIGHT_TO_LEFT) == []
    assert f"\u2068{title}\u2069" in desk.page.title()
    desk.picture("names-turned")
    desk.go("#/")
    desk.field("Search").fill(title)
    expect(desk.page.locator("a.line")).to_have_count(1)
    assert desk.page.evaluate(NOT_ENCLOSED, RIGHT_TO_LEFT) == []


def test_a_draft_survives_a_cut_of_the_network(desk: Desk, admin: httpx.Client) -> None:
    """
    The page says that it is offline and what is not saved, takes further marks, and saves them
    later.
    """
    session = a_session(admin)
    desk.open(session)
    desk.context.set_offline(True)

    desk.mark("Present", "Person 0001").check()

    expect(desk.text("You are offline.")).to_be_visible()
    expect(desk.text("1 row not saved yet.")).to_be_visible()
    desk.mark("Present", "Person 0002").check()
    desk.picture("offline")
    desk.context.set_offline(False)
    desk.saved()
    expect(desk.text("You are offline.")).to_have_count(0)
    assert [row["isPresent"] for row in rows(admin, session).values()] == [False, True, True]


def test_a_save_whose_answer_is_lost_is_settled(desk: Desk, admin: httpx.Client) -> None:
    """The marks were saved and the connection broke: the page finds out without a question."""
    session = a_session(admin)
    desk.open(session)
    lost: list[APIResponse] = []

    def lose_the_answer(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())
            route.abort("connectionreset")

    desk.page.route("**/attendance", lose_the_answer)

    desk.mark("Present", "Person 0001").check()

    expect(desk.text("not saved yet")).to_have_count(0)
    assert lost[0].status == 200
    assert rows(admin, session)["Person 0001"]["isPresent"]
    expect(desk.text("Choose whose marks stay")).to_have_count(0)


def test_a_collision_is_settled_row_by_row(
    desk: Desk, admin: httpx.Client, trainer: httpx.Client
) -> None:
    """Fields that only one side changed are merged; for the others the person chooses."""
    session = a_session(admin, people=4)
    first, second, third, fourth = session.people
    desk.open(session)
    trainer.patch(
        session.attendance,
        json=grid(
            mark(first, remarks="Trainer: came late"),
            mark(second, remarks="Trainer: left early"),
            mark(third, remarks="Trainer: on the phone"),
        ),
    ).raise_for_status()

    desk.mark("Remarks", "Person 0000").fill("Mine: was ill")
    desk.mark("Remarks", "Person 0001").fill("Mine: fine")
    desk.mark("Present", "Person 0002").check()
    desk.mark("Present", "Person 0003").check()

    expect(desk.text("2 rows were changed by somebody else")).to_be_visible()
    expect(desk.text("Trainer: came late")).to_be_visible()
    desk.picture("collision")
    desk.button("Keep mine for Person 0000").click()
    desk.button("Take theirs for Person 0001").click()
    expect(desk.text("rows were changed by")).to_have_count(0)
    expect(desk.text("not saved yet")).to_have_count(0)
    found = rows(admin, session)
    assert found["Person 0000"]["remarks"] == "Mine: was ill"
    assert found["Person 0001"]["remarks"] == "Trainer: left early"
    assert found["Person 0002"]["isPresent"]
    assert found["Person 0002"]["remarks"] == "Trainer: on the phone"
    assert found["Person 0003"]["isPresent"]
    assert fourth == found["Person 0003"]["personnelId"]


def test_a_collision_names_whose_change_it_was(
    desk: Desk, admin: httpx.Client, trainer: httpx.Client
) -> None:
    """The session's history, where there is one, says who changed which row."""
    session = a_session(admin)
    first = session.people[0]
    entry = {"sequence": 2, "by": {"name": "Tomasz Zielinski"}, "changes": [{"subject": first}]}
    desk.page.route("**/audit?*", lambda route: route.fulfill(json={"items": [entry]}))
    desk.open(session)
    theirs = grid(mark(first, remarks="Came late"))
    trainer.patch(session.attendance, json=theirs).raise_for_status()

    desk.mark("Remarks", "Person 0000").fill("Was on time")

    collision = desk.page.get_by_role("listitem").filter(has_text="Person 0000")
    expect(collision).to_contain_text("Tomasz Zielinski")
    expect(collision).to_contain_text("Came late")
    desk.button("Take theirs for Person 0000").click()


def test_a_rivals_finalize_keeps_what_was_typed_in_sight(desk: Desk, admin: httpx.Client) -> None:
    """
    The session was finalized meanwhile: the marks cannot be saved, and the page says
    so and why.
    """
    session = a_session(admin)
    desk.open(session)
    desk.hand_in(b"%PDF-1.7\n%signed\n")
    expect(desk.finalize).to_be_enabled()
    admin.post(session.finalize).raise_for_status()

    desk.mark("Remarks", "Person 0001").fill("Typed too late")

    expect(desk.text("These marks were not saved")).to_be_visible()
    expect(desk.text("Typed too late")).to_be_visible()
    expect(desk.text("Finalized by Ingrid Solheim")).to_be_visible()
    desk.picture("typed-too-late")


def test_leaving_with_unsaved_marks_is_asked_about(desk: Desk, admin: httpx.Client) -> None:
    """After staying nothing is lost; after leaving, the marks are there again on return."""
    session = a_session(admin)
    desk.open(session)
    desk.page.route("**/attendance", lambda route: route.abort("connectionreset"))
    desk.mark("Remarks", "Person 0002").fill("Not yet saved")
    link = desk.page.get_by_role("link", name="Sessions")

    link.click()

    expect(desk.dialog).to_contain_text("1 row is not saved yet")
    desk.button("Stay here").click()
    expect(desk.mark("Remarks", "Person 0002")).to_have_value("Not yet saved")
    link.click()
    desk.button("Leave").click()
    expect(desk.heading("Training sessions")).to_be_visible()
    desk.page.unroute("**/attendance")
    desk.page.go_back()
    expect(desk.mark("Remarks", "Person 0002")).to_have_value("Not yet saved")
    desk.saved()
    assert rows(admin, session)["Person 0002"]["remarks"] == "Not yet saved"


def test_closing_the_tab_with_unsaved_marks_is_asked_about(desk: Desk, admin: httpx.Client) -> None:
    """The browser asks; a page without unsaved marks closes without a question."""
    asked: list[str] = []

    def agree(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    desk.open(a_session(admin))
    desk.page.on("dialog", agree)
    desk.page.route("**/attendance", lambda route: route.abort("connectionreset"))
    desk.mark("Present", "Person 0001").check()

    desk.page.reload()

    assert asked == ["beforeunload"]
    expect(desk.mark("Present", "Person 0001")).to_be_checked()


def test_a_person_taken_off_the_list_is_named(desk: Desk, admin: httpx.Client) -> None:
    """Their marks are not saved, and are shown; what is typed next goes to nobody else."""
    session = a_session(admin)
    desk.open(session)
    staying = session.plan["attendees"][:2]
    admin.put(session.path, json=session.plan | {"attendees": staying}).raise_for_status()

    desk.mark("Remarks", "Person 0002").fill("Was here at nine")

    expect(desk.text("1 person is no longer on the list")).to_be_visible()
    expect(desk.text("Was here at nine")).to_be_visible()
    expect(desk.mark("Present", "Person 0002")).to_have_count(0)
    desk.page.keyboard.type("No one else's")
    assert [row.get("remarks") for row in rows(admin, session).values()] == [None, None]
    expect(desk.mark("Remarks", "Person 0001")).to_have_value("")
    expect(desk.page.locator(".grid .body")).to_be_focused()


def test_marks_are_found_by_what_was_marked(
    sits_down: Callable[..., Desk], admin: httpx.Client
) -> None:
    """Absent, present, failed, with a remark, not marked: each can be shown alone."""
    session = a_session(admin, people=4)
    present, failed, remarked, _ = session.people
    admin.patch(
        session.attendance,
        json=grid(mark(present), mark(failed, passed=False), mark(remarked, remarks="Late")),
    ).raise_for_status()
    desk = sits_down("trainer")
    desk.open(session)
    names = desk.page.get_by_role("rowheader")

    counts = {}
    for what in ("Everybody", "Present", "Absent", "Not marked yet", "Failed", "With a remark"):
        desk.page.get_by_role("combobox", name="Show").select_option(what)
        counts[what] = names.count()

    assert list(counts.values()) == [4, 3, 0, 1, 1, 1]


def test_grid_says_how_many_columns_it_has(desk: Desk, admin: httpx.Client) -> None:
    """It has as many as it has headers, and as each row has cells."""
    desk.open(a_session(admin, people=2))
    cells = desk.page.locator("[role=gridcell], [role=rowheader]")

    count = desk.page.get_by_role("grid").get_attribute("aria-colcount")

    assert count is not None
    expect(desk.page.get_by_role("columnheader")).to_have_count(int(count))
    for row in desk.page.get_by_role("row").filter(has=cells).all():
        expect(row.locator(cells)).to_have_count(int(count))
