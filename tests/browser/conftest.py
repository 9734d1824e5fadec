import os
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe

from accanto.access.role import write_rights
from accanto.access.session import write_key

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A closed network: without these Chromium looks for its maker's hosts at every start.
QUIET = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Playwright's synchronous face runs inside an event loop, and Django then refuses to touch the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


def chromium():
    named = os.environ.get("ACCANTO_CHROMIUM")
    found = named or next((path for name in CHROMIUMS if (path := shutil.which(name))), None)
    assert found, "Chromium is not installed: `apt install chromium`, or give its path in ACCANTO_CHROMIUM."
    return found


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return browser_type_launch_args | {"executable_path": chromium(), "args": QUIET}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {"locale": "it-IT", "viewport": {"width": 1280, "height": 800}}


@pytest.fixture(autouse=True)
def rights(transactional_db):
    """A test that commits empties every table when it ends: who may see what is written again before the next."""
    write_rights()
    write_key()


@pytest.fixture
def accessible():
    """Fails with what axe found on the page as it stands: `accessible(page)`."""

    # of what passes nobody reads the elements: to name them all takes axe a third of its time
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}

    def check(page):
        results = Axe().run(page, options=options)
        found = [f"{v['id']}: {v['help']} {[n['target'] for n in v['nodes']]}" for v in results.response["violations"]]
        assert not found, f"{page.url}\n" + "\n".join(found)

    return check


@pytest.fixture
def enter_browser(live_server, page, enter):
    """The page of a browser signed in as someone: `enter_browser(anna)`."""

    def sign_in(acting):
        cookie = enter(acting).cookies["accanto_session"]
        page.context.clear_cookies()
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        return page

    return sign_in
