"""The PDF itself, read back by another program."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pypdf
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fablab_hub.core import typeset
from fablab_hub.core.blobs import BlobStore
from projects.exports.portfolio import make_portfolio_pdf
from projects.fabrications import clean_text
from projects.portfolios import Portfolio, PortfolioFabrication, PortfolioProject
from projects.store import Outcome

HOSTILE = '#image("/etc/passwd") *gras* _x_ $y^2$ `r` <a> @b \\ // = T #read("/etc/hosts")'
START = datetime(2026, 9, 30, 22, 30, tzinfo=UTC)


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs")


def made(number=0, **changes) -> PortfolioFabrication:
    values = {
        "title": f"Lampe {number}",
        "story": "Ma première lampe.\nElle éclaire.",
        "outcome": Outcome.DONE,
        "machine": "Découpe laser",
        "material": "Contreplaqué 3 mm",
        "made_at": START + timedelta(days=number),
        "elapsed_s": 2520.0,
        "photo_sha256": None,
    }
    return PortfolioFabrication(**{**values, **changes})


def portfolio(*fabrications, name="Léa Le Goff", title="Ma chambre") -> Portfolio:
    projects = (PortfolioProject(title=title, fabrications=fabrications),) if fabrications else ()
    return Portfolio(person_name=name, lab_name="Atelier de Rostrenen", projects=projects)


def read(pdf: bytes) -> tuple[pypdf.PdfReader, str]:
    """Give the file, and its words with single spaces."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    return reader, " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def tags(reader: pypdf.PdfReader) -> list[tuple[str, str | None]]:
    """List the structure in reading order: each element's role and alternative text."""
    found = []

    def walk(node):
        node = node.get_object()
        if isinstance(node, pypdf.generic.ArrayObject):
            for one in node:
                walk(one)
        elif isinstance(node, pypdf.generic.DictionaryObject):
            if "/S" in node:
                found.append((node["/S"], node.get("/Alt")))
            if "/K" in node:
                walk(node["/K"])

    walk(reader.trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


def test_it_says_who_made_what_where_and_when(blobs):
    _, text = read(make_portfolio_pdf(portfolio(made()), blobs, "en", "Europe/Paris"))
    for words in (
        "Léa Le Goff", "Atelier de Rostrenen", "Ma chambre", "Lampe 0", "Ma première lampe.",
        "Elle éclaire.", "Découpe laser", "Contreplaqué 3 mm", "42 min", "1 fabrication",
    ):  # fmt: skip
        assert words in text, words


def test_dates_are_of_the_labs_own_zone(blobs):
    _, text = read(make_portfolio_pdf(portfolio(made()), blobs, "en", "Europe/Paris"))
    assert "1 October 2026" in text, "it was past midnight in Rostrenen"
    _, text = read(make_portfolio_pdf(portfolio(made()), blobs, "fr", "America/Cayenne"))
    assert "30 septembre 2026" in text


@pytest.mark.parametrize(("language", "tag"), [("fr", "fr-FR"), ("en", "en-GB")])
def test_a_screen_reader_finds_language_title_and_structure(blobs, language, tag):
    pdf = make_portfolio_pdf(portfolio(made()), blobs, language, "Europe/Paris")
    reader, _ = read(pdf)
    root = reader.trailer["/Root"]
    assert root["/Lang"] == tag
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "Léa Le Goff" in reader.metadata.title
    xmp = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    roles = [role for role, _ in tags(reader)]
    headings = [role for role in roles if role in ("/H1", "/H2", "/H3")]
    assert headings == ["/H1", "/H2", "/H3"]
    assert {"/Table", "/TH", "/TD", "/P", "/Link"} <= set(roles)


def test_every_photo_has_words_for_who_cannot_see_it(blobs, jpeg):
    photo = blobs.keep([jpeg(120)]).sha256
    pdf = make_portfolio_pdf(portfolio(made(photo_sha256=photo)), blobs, "en", "Europe/Paris")
    reader, _ = read(pdf)
    alts = [alt for role, alt in tags(reader) if role == "/Figure"]
    assert alts == ["Photo of “Lampe 0”, made with: Découpe laser."] * 2, "cover and page"
    assert sum(len(page.images) for page in reader.pages) == 2


def test_a_large_photo_is_made_smaller(blobs, jpeg):
    photo = blobs.keep([jpeg(120, 4000, 3000)]).sha256
    pdf = make_portfolio_pdf(portfolio(made(photo_sha256=photo)), blobs, "en", "Europe/Paris")
    objects = [one.get_object() for page in read(pdf)[0].pages for one in _pictures(page)]
    assert {(one["/Width"], one["/Height"]) for one in objects} == {(1200, 900)}


@pytest.mark.parametrize("content", [None, b"", b"this is no picture"])
def test_a_photo_that_is_gone_or_broken_costs_no_portfolio(blobs, content):
    photo = "0" * 64 if content is None else blobs.keep([content]).sha256
    pdf = make_portfolio_pdf(portfolio(made(photo_sha256=photo)), blobs, "en", "Europe/Paris")
    reader, text = read(pdf)
    assert "Lampe 0" in text
    assert not any(len(page.images) for page in reader.pages)


def test_the_same_content_gives_the_same_bytes(blobs, jpeg):
    content = portfolio(made(photo_sha256=blobs.keep([jpeg(120)]).sha256))
    first = make_portfolio_pdf(content, blobs, "fr", "Europe/Paris")
    assert make_portfolio_pdf(content, blobs, "fr", "Europe/Paris") == first
    other = portfolio(replace(content.fabrications[0], story="Autre"))
    assert make_portfolio_pdf(other, blobs, "fr", "Europe/Paris") != first


def test_its_date_is_that_of_the_newest_fabrication(blobs):
    pdf = make_portfolio_pdf(portfolio(made(3), made(0)), blobs, "fr", "Europe/Paris")
    assert read(pdf)[0].metadata.creation_date == START + timedelta(days=3)


def test_what_people_type_is_printed_and_never_obeyed(blobs):
    content = portfolio(
        made(title=HOSTILE, story=HOSTILE, machine=HOSTILE, material=HOSTILE),
        name=HOSTILE, title=HOSTILE,
    )  # fmt: skip
    reader, text = read(make_portfolio_pdf(content, blobs, "en", "Europe/Paris"))
    assert "root:" not in text
    assert "localhost" not in text
    # Long lines are broken, so compare without spaces.
    assert text.replace(" ", "").count(HOSTILE.replace(" ", "")) >= 4
    assert HOSTILE in reader.metadata.title


def test_a_failure_says_what_was_learnt(blobs):
    content = portfolio(made(outcome=Outcome.FAILED, story="Mesurer deux fois."))
    _, text = read(make_portfolio_pdf(content, blobs, "en", "Europe/Paris"))
    assert "It did not work. I learnt from it." in text
    assert "What I learnt Mesurer deux fois." in text
    assert "How I made it" not in text


def test_each_project_begins_on_a_page_of_its_own(blobs):
    content = Portfolio(
        person_name="Léa",
        lab_name="Atelier",
        projects=tuple(
            PortfolioProject(title=title, fabrications=(made(),)) for title in ("Un", "Deux")
        ),
    )
    reader, _ = read(make_portfolio_pdf(content, blobs, "en", "Europe/Paris"))
    assert len(reader.pages) == 3
    assert [page.extract_text().split()[0] for page in reader.pages] == ["Atelier", "Un", "Deux"]


def test_a_portfolio_without_anything_is_still_one(blobs):
    reader, text = read(make_portfolio_pdf(portfolio(), blobs, "en", "Europe/Paris"))
    assert len(reader.pages) == 1
    assert "Nothing here yet." in text


def test_a_long_story_runs_over_several_pages(blobs):
    story = "\n".join(f"Ligne numéro {number} de mon histoire." for number in range(250))
    reader, text = read(
        make_portfolio_pdf(portfolio(made(story=story)), blobs, "fr", "Europe/Paris")
    )
    assert len(reader.pages) > 5
    assert "Ligne numéro 249 de" in text


def test_letters_that_no_font_draws_are_left_out_and_the_rest_stays(blobs):
    content = portfolio(made(title="Bravo \U0001fae8 Zoé", story="A\U000f0000B"))
    _, text = read(make_portfolio_pdf(content, blobs, "en", "Europe/Paris"))
    assert "Zoé" in text
    assert "AB" in text


def test_it_is_made_without_the_fonts_that_the_build_installs(blobs, monkeypatch, tmp_path):
    monkeypatch.setattr(typeset, "FONTS", tmp_path / "none")
    reader, text = read(make_portfolio_pdf(portfolio(made()), blobs, "fr", "Europe/Paris"))
    assert "Ma première lampe." in text
    fonts = {font["/BaseFont"] for page in reader.pages for font in _fonts(page)}
    assert all("Libertinus" in font for font in fonts), fonts


def _pictures(page):
    named = page["/Resources"].get("/XObject", {}).values()
    return [one for one in named if one.get_object()["/Subtype"] == "/Image"]


def _fonts(page):
    return [font.get_object() for font in page["/Resources"]["/Font"].values()]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=60))
@example(text="👩🏽‍🔧 中文 ሰላም தமிழ் ქართული")
@example(text='}"]{\\u0000: null')
@example(text="\u2028\u2029\u200d\u00ad")
def test_no_text_that_a_person_can_keep_stops_a_portfolio(blobs, text):
    kept = clean_text(text)
    content = portfolio(made(title=kept, story=kept), name=kept or "x", title=kept)
    assert make_portfolio_pdf(content, blobs, "fr", "Europe/Paris").startswith(b"%PDF")
