"""The page's list of modules is complete."""

from pathlib import Path

import pytest

from local.console.preloads import modules, page
from local.console.publishing import WEB

PAGE = """<head>
    <link rel="modulepreload" href="gone.js" />
    <script type="module" src="main.js"></script>
</head>
"""


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """A console of three modules, whose page names one that does not exist."""
    (tmp_path / "views").mkdir()
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "main.js").write_text('import { App } from "./views/app.js";\n')
    (tmp_path / "views" / "app.js").write_text('import {\n  STATUS,\n} from "../words.js";\n')
    (tmp_path / "words.js").write_text("export const STATUS = {};\n")
    return tmp_path


def test_page_names_every_module_that_the_first_one_reaches(web: Path) -> None:
    """
    All modules reached by imports are in the list, in the order of their names, and
    no others.
    """
    text = page(web)

    assert text == PAGE.replace(
        '    <link rel="modulepreload" href="gone.js" />\n',
        '    <link rel="modulepreload" href="views/app.js" />\n'
        '    <link rel="modulepreload" href="words.js" />\n',
    )


def test_page_asks_for_all_modules_at_once() -> None:
    """No module waits for another to import it; `make format` writes the list."""
    assert (WEB / "index.html").read_text() == page(WEB)


def test_every_module_is_in_use() -> None:
    """Every module is reached from the first one, so none is shipped unused."""
    files = {path.relative_to(WEB).as_posix() for path in WEB.rglob("*.js")}

    assert files == {"main.js", *modules(WEB)}
