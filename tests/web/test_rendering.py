"""What templates may and may not hold, and how values become words."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jinja2.lexer import TOKEN_DATA, TOKEN_RAW_BEGIN

from fablab_hub.core.machines import MachineState
from fablab_hub.core.people import Role
from jobs.states import State
from web import frame, rendering, wording
from web.rendering import environment, own_path, tone_of

pytestmark = pytest.mark.anyio

WEB = Path(rendering.__file__).parent
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
ICONS = {path.stem for path in (WEB / "assets" / "icons").glob("*.svg")}
SAME_IN_EVERY_LANGUAGE = {"DXF"}


def _name(path: Path) -> str:
    return str(path.relative_to(WEB / "templates"))


def _markup(path: Path) -> str:
    """The template's own text, with every expression replaced by a mark."""
    source = re.sub(r"{% block \w+_class %}[^{]*{% endblock %}", "", path.read_text())
    tokens = environment("en", "UTC").lex(source)
    kept = [text for _, kind, text in tokens if kind == TOKEN_DATA]
    assert all(kind != TOKEN_RAW_BEGIN for _, kind, _ in tokens)
    return "\0".join(kept)


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_a_template_says_nothing_that_is_not_translated(path):
    markup = _markup(path)
    words = re.sub(r"<[^>]*>|<[^>]*$|^[^<]*>", " ", markup)
    attributes = re.findall(r"(?:aria-label|alt|title|placeholder)=\"([^\"\0]+)\"", markup)

    said = set(re.findall(r"[^\W\d_]{2,}", " ".join([words, *attributes])))

    assert said - SAME_IN_EVERY_LANGUAGE == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_a_template_holds_no_script_and_no_style(path):
    text = path.read_text()

    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", text)
    assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_every_form_that_changes_something_carries_the_form_key(path):
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", path.read_text(), re.DOTALL):
        # Before signing in there is no session, and so no key.
        if 'action="/entrer"' not in form:
            assert "key(form_key)" in form or 'name="form_key"' in form, form


def test_every_icon_that_a_page_names_is_drawn():
    named = {saying.icon for saying in wording.JOB_SAYINGS.values()}
    named |= {tab.icon for tab in (*frame.TRAINEE_TABS, *frame.STAFF_TABS)}
    for path in TEMPLATES:
        named |= set(re.findall(r"\bicon\(\"([a-z]+)\"", path.read_text()))

    assert named - ICONS == set()


def test_every_state_has_its_words_and_every_job_its_place_on_the_way():
    assert set(wording.JOB_SAYINGS) == set(State)
    assert set(wording.MACHINE_SAYINGS) == set(MachineState)
    assert set(wording.ROLE_NAMES) == set(Role)
    places = [state for _, states in wording.STEPS for state in states]
    assert sorted(places) == sorted(State)


@given(st.text())
@example("//evil.example/")
@example("/\\evil.example")
@example("/\t/evil.example")
@example("https://evil.example")
@example("/travaux/1?x=2")
def test_a_wanted_address_never_leads_to_another_site(wanted):
    path = own_path(wanted)

    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))
    assert "\t" not in path and "\n" not in path
    assert urlsplit(path).netloc == ""
    assert own_path(path) == path


@given(st.text())
def test_a_name_always_has_the_same_colour_of_the_six(name):
    assert tone_of(name) == tone_of(name) in range(6)


def test_numbers_and_durations_are_written_as_the_reader_writes_them():
    template = environment("fr", "Europe/Paris").from_string(
        "{{ 2.5 | number }} {{ 65 | duration }}"
    )

    assert template.render() == "2,5 1\xa0min"


def test_a_name_that_is_missing_stops_the_page():
    with pytest.raises(Exception, match="nobody"):
        environment("en", "UTC").from_string("{{ nobody }}").render()


def test_what_people_type_is_shown_and_never_obeyed():
    text = environment("en", "UTC").from_string("{{ _('Hello {name}', name=name) }}")

    assert text.render(name="<script>") == "Hello &lt;script&gt;"


async def test_somebody_unknown_is_led_to_the_door_and_back(lab):
    async with lab.browser() as browser:
        answer = await browser.get("/reglages", headers={"Accept": "text/html"})

    assert answer.status_code == 303
    assert answer.headers["location"] == "/entrer?vers=/reglages"


async def test_an_error_is_a_page_with_what_happened_and_what_to_do(lab):
    async with lab.browser("awa") as browser:
        answer = await browser.get("/travaux/NOSUCH", headers={"Accept": "text/html"})

    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.text
    assert "Go back to the start page." in answer.text


async def test_an_error_is_still_said_when_the_database_cannot_be_read(lab):
    async with lab.browser("awa") as browser:
        lab.database.write_now(
            lambda tables: tables.conn.execute("ALTER TABLE sessions RENAME TO lost")
        )
        answer = await browser.get(
            "/reglages", headers={"Accept": "text/html", "Accept-Language": "en"}
        )

    assert answer.status_code == 503
    assert "The hub could not save this." in answer.text
