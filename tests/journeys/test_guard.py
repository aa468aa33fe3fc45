"""The guard of the journeys sees each fault that it is there for, and names it."""

import pytest
from playwright.sync_api import Route

from tests.journeys.guard import Guard

pytestmark = [pytest.mark.browser]

HOST = "http://hub.test"
POLICY = "default-src 'none'; script-src 'self'; img-src *"
FAULTS = {
    "console": ("<script src='/warn.js'></script>", "console warning: look out"),
    "exception": ("<script src='/throw.js'></script>", "nobody catches"),
    "answer": ("<img src='/missing.png' alt=''>", "/missing.png: 404"),
    "host": ("<img src='http://elsewhere.test/a.png' alt=''>", "http://elsewhere.test/a.png"),
    "policy": ("<script>window.x = 1</script>", "policy script-src-elem refuses"),
    "broken": ("<img src='/broken.png' alt=''>", "ERR_FAILED"),
    "wide": ("<p id='wide' style='width: 99rem'>x</p>", "scrolls sideways at 360 px: <p#wide>"),
    "words": ("<p>  Nobody\n waits. </p>", "“Nobody waits.” in <p> is not in the language fr"),
    "label": ("<a href='#' aria-label='Main menu'>x</a>", "“Main menu” in <a>"),
    "alt": ("<img alt='What the camera sees on the bed'>", "“What the camera sees on the bed”"),
    "field": ("<p>Hello Léa</p>", "“Hello Léa” in <p>"),
    "later": ("<script src='/later.js'></script>", "“Nobody waits.” in <b>"),
    "reverse": ("<p lang='en'>Personne n’attend.</p>", "is not in the language en"),
}
SCRIPTS = {
    "/warn.js": "console.warn('look out')",
    "/throw.js": "throw new Error('nobody catches')",
    "/later.js": "setTimeout(() => { document.body.innerHTML = '<b>Nobody waits.</b>' }, 200)",
}


@pytest.fixture
def faulty(chromium, guard):
    """Open a French page with some HTML in it, watched by the guard."""
    context = chromium.new_context(viewport={"width": 360, "height": 600})
    guard.watch(context, HOST)
    page = context.new_page()

    def show(body: str):
        html = f"<!doctype html><html lang=fr><link rel=icon href=/icon><body>{body}</body></html>"
        context.route("**/*", lambda route: _answer(route, html))
        page.goto(HOST)
        page.wait_for_load_state("networkidle")
        return page

    yield show
    context.close()


def _answer(route: Route, html: str) -> None:
    path = route.request.url.removeprefix(HOST)
    if path == "/":
        is_strict = "width" not in html
        headers = {"Content-Security-Policy": POLICY} if is_strict else {}
        route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=headers)
    elif path in SCRIPTS:
        route.fulfill(body=SCRIPTS[path], content_type="text/javascript")
    elif path == "/broken.png":
        route.abort()
    else:
        route.fulfill(status=404 if path == "/missing.png" else 200, body="")


@pytest.mark.parametrize("name", FAULTS)
def test_the_guard_names_a_fault(faulty, guard, name):
    body, complaint = FAULTS[name]
    page = faulty(body)
    if name == "later":
        page.locator("b").wait_for()
        guard.look(page)
    page.title()  # what the page said has arrived when this answer has
    with pytest.raises(AssertionError) as failure:
        guard.check()
    assert complaint in str(failure.value)


def test_the_guard_is_silent_about_a_good_page(faulty, guard):
    faulty("<h1>Atelier</h1><p>Personne n’attend.</p><button lang='en'>Sign in</button>")
    guard.check()


def test_an_expected_answer_passes_and_must_come(faulty, guard):
    with guard.expects(404):
        faulty("<img src='/missing.png' alt=''>")
    guard.check()
    with pytest.raises(AssertionError, match="never answered"), Guard().expects(422):
        pass
