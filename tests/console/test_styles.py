"""The style sheets have rules for the classes of the pages, and for no others."""

import re
from collections.abc import Iterable
from pathlib import Path

from local.console.publishing import WEB

SHEETS = [*WEB.glob("style/*.css")]
MODULES = [path for path in WEB.rglob("*.js") if path.parent.name != "vendor"]
NAME = r"[a-z][\w-]*"


def without_comments(sheet: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)


def found(pattern: str, texts: Iterable[str]) -> set[str]:
    """Return every word of all that *pattern* finds."""
    return {word for text in texts for part in re.findall(pattern, text) for word in part.split()}


def styled() -> set[str]:
    """Return the classes that have a rule."""
    rules = [
        rule for sheet in SHEETS for rule in re.findall(r"[^{}]+(?={)", without_comments(sheet))
    ]
    return found(rf"\.({NAME})", rules)


def quoted() -> set[str]:
    """Return the words next to a quotation mark: a class, or a part of one."""
    texts = [module.read_text() for module in MODULES]
    return found(r'"([\w -]+)', texts) | found(r'([\w -]+)"', texts)


def test_every_rule_is_for_something_on_a_page() -> None:
    """A class that no module uses has no rule."""
    assert styled() - quoted() == set()


def test_every_class_on_a_page_has_a_rule() -> None:
    """A class without a rule does nothing; its name may be misspelt."""
    classes = found(r'class="([\w -]+)', (module.read_text() for module in MODULES))

    assert classes - styled() == set()


def test_every_variable_of_the_style_sheets_is_set_and_used() -> None:
    """Colours and sizes are defined once, and none is unused."""
    sheets = [without_comments(sheet) for sheet in SHEETS]
    by_modules = found(r'"--([\w-]+)"', (module.read_text() for module in MODULES))

    set_here = found(r"--([\w-]+):", sheets)
    used = found(r"var\(--([\w-]+)", sheets)

    assert used - by_modules == set_here - by_modules
    assert by_modules <= used | set_here
