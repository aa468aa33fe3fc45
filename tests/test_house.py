"""The house itself: words, names, docs and packages stay as they were agreed."""

import importlib.metadata
import io
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from docs.build import pages
from fablab_hub.core.error_texts import TEXTS
from fablab_hub.core.i18n.words import languages

ROOT = Path(__file__).parents[1]
ROOMS = ("fablab_hub", "drivers", "jobs", "projects", "web")
KEYWORDS = {
    "_": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "translate": None,
    "translate_count": (1, 2),
    "say": None,
}
METHODS = [
    ("**/node_modules/**", "ignore"),
    ("**/tests/**", "ignore"),
    ("**.py", "python"),
    ("web/templates/**.html", "jinja2"),
]


def _sentences() -> dict[str, str]:
    """Every sentence that a person may read, with where it stands."""
    found = {}
    for room in ROOMS:
        methods = [(pattern.removeprefix(f"{room}/"), method) for pattern, method in METHODS]
        for path, line, message, *_ in extract_from_dir(ROOT / room, methods, keywords=KEYWORDS):
            key = message if isinstance(message, str) else message[0]
            if key:
                found[key] = f"{room}/{path}:{line}"
    return found


def _catalogue(language: str):
    path = ROOT / "fablab_hub" / "core" / "i18n" / f"{language}.po"
    return read_po(io.BytesIO(path.read_bytes()), locale=language)


TRANSLATIONS = [language for language in languages() if language != "en"]


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_every_sentence_is_translated(language):
    catalogue = _catalogue(language)
    missing = {}
    for sentence, place in _sentences().items():
        message = catalogue.get(sentence)
        texts = message.string if message else None
        if not texts or (not isinstance(texts, str) and not all(texts)) or message.fuzzy:
            missing[sentence] = place
    assert not missing


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_no_catalogue_keeps_sentences_that_nobody_says_any_more(language):
    said = set(_sentences())
    kept = {m.id if isinstance(m.id, str) else m.id[0] for m in _catalogue(language) if m.id}
    assert kept - said == set()


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_translation_names_the_same_facts(language):
    def facts(text: str) -> set[str]:
        return set(re.findall(r"\{(\w+)\}|%\((\w+)\)", text))

    for message in _catalogue(language):
        if not message.id:
            continue
        ids = (message.id,) if isinstance(message.id, str) else message.id
        texts = (message.string,) if isinstance(message.string, str) else message.string
        assert facts(" ".join(texts)) <= facts(" ".join(ids)), message.id


def test_every_error_that_is_raised_has_its_sentences():
    raised = set()
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            raised |= set(re.findall(r"Error\(\s*\"([a-z]+\.[a-z0-9-]+)\"", path.read_text()))
    assert raised
    assert raised - set(TEXTS) == set()


def test_the_pages_made_from_tables_are_up_to_date():
    stale = [
        str(path)
        for path, text in pages().items()
        if not path.is_file() or path.read_text() != text
    ]
    assert not stale, "run `make docs`"


def test_no_other_distribution_owns_our_package_names():
    owners = importlib.metadata.packages_distributions()
    others = {room: set(owners.get(room, [])) - {"fablab-hub"} for room in ROOMS}
    assert not any(others.values()), others


def test_lock_files_have_hashes_and_no_addresses():
    for path in ROOT.glob("requirements*.lock"):
        text = path.read_text()
        assert "://" not in text
        for pin in re.findall(r"^[a-z0-9._-]+==.*$", text, re.MULTILINE):
            assert pin.endswith("\\"), f"{pin} has no hash in {path.name}"
    npm = (ROOT / "web" / "assets" / "package-lock.json").read_text()
    assert '"integrity"' in npm
    assert '"resolved"' not in npm


def test_every_direct_dependency_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for lock, wanted in (
        ("requirements.lock", project["dependencies"]),
        ("requirements-dev.lock", project["optional-dependencies"]["dev"]),
    ):
        text = (ROOT / lock).read_text()
        for requirement in wanted:
            name = re.match(r"[A-Za-z0-9._-]+", requirement)[0].lower()
            assert re.search(rf"^{re.escape(name)}==", text, re.MULTILINE), f"{name} in {lock}"


def test_make_help_names_every_command():
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in ("demo", "setup", "test", "lint", "format", "docs", "bench"):
        assert re.search(rf"make {name}\b", shown.stdout)


LONG_FOR_A_REASON = {
    "drivers/grbl/firmware.py": "one board: its bytes, its time and its states belong together",
    "fablab_hub/gcode/kernel/scan.py": "one loop, which the compiler must see as a whole",
}


def test_no_file_is_longer_than_it_may_be():
    long = {
        str(path.relative_to(ROOT)): count
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if "node_modules" not in path.parts and (count := len(path.read_text().splitlines())) > 400
    }
    assert set(long) == set(LONG_FOR_A_REASON)
    assert max(long.values()) <= 500
