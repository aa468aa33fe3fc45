"""Every word of the portfolio's pages, ready to be set; plain JSON values."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fablab_hub.core.i18n.words import (
    N_,
    date_text,
    duration_text,
    moment_text,
    number_text,
    translate,
    translate_count,
)
from projects.portfolios import Portfolio, PortfolioFabrication, PortfolioProject
from projects.store import Outcome

_REGIONS = {"fr": "FR", "en": "GB"}
_NOT_DONE = {
    Outcome.FAILED: N_("It did not work. I learnt from it."),
    Outcome.STOPPED: N_("I stopped it. I learnt from it."),
}


def portfolio_words(
    portfolio: Portfolio, photos: Mapping[str, str], language: str, zone: str
) -> dict[str, Any]:
    """Say everything that `portfolio.typ` shows.

    Args:
        portfolio: the values.
        photos: file names by SHA-256; a photo that is not in it is not shown.
        language: of the words.
        zone: time zone of the dates.
    """
    projects = [_project(project, photos, language, zone) for project in portfolio.projects]
    shown = [made for project in projects for made in project["fabrications"]]
    return {
        "language": language,
        "region": _REGIONS.get(language),
        "title": translate(N_("Portfolio of {name}"), language, name=portfolio.person_name),
        "kind": translate(N_("Portfolio"), language),
        "name": portfolio.person_name,
        "lab": portfolio.lab_name,
        "period": _period(portfolio.fabrications, language, zone),
        "figures": _figures(portfolio, language),
        "contents": translate(N_("My projects"), language),
        "nothing": translate(N_("Nothing here yet. What I make will come here."), language),
        "cover": next((made for made in sorted(shown, key=_by_success) if made["photo"]), None),
        "projects": projects,
    }


def _project(
    project: PortfolioProject, photos: Mapping[str, str], language: str, zone: str
) -> dict[str, Any]:
    return {
        "title": project.title,
        "period": _period(project.fabrications, language, zone),
        "count": _count(len(project.fabrications), language),
        "fabrications": [
            _fabrication(made, photos, language, zone) for made in project.fabrications
        ],
    }


def _fabrication(
    made: PortfolioFabrication, photos: Mapping[str, str], language: str, zone: str
) -> dict[str, Any]:
    is_done = made.outcome is Outcome.DONE
    label = N_("How I made it") if is_done else N_("What I learnt")
    facts = [
        (N_("Machine"), made.machine),
        (N_("Material"), made.material),
        (N_("Date"), _day(made.made_at, language, zone)),
        (N_("Machine time"), duration_text(made.elapsed_s, language)),
    ]
    alt = N_("Photo of “{title}”, made with: {machine}.")
    return {
        "title": made.title,
        "is_done": is_done,
        "outcome": translate(_NOT_DONE.get(made.outcome, ""), language),
        "story_label": translate(label, language),
        "story": [line.strip() for line in made.story.splitlines() if line.strip()],
        "facts": [[translate(name, language), value] for name, value in facts if value],
        "photo": photos.get(made.photo_sha256 or ""),
        "alt": translate(alt, language, title=made.title, machine=made.machine),
    }


def _figures(portfolio: Portfolio, language: str) -> list[list[str]]:
    """Give the few numbers of the cover, each with its word."""
    made = portfolio.fabrications
    worked_s = sum(one.elapsed_s for one in made)
    machines = len({one.machine for one in made})
    return [
        [
            number_text(len(made), language, 0),
            translate_count("fabrication", "fabrications", len(made), language),
        ],
        [
            number_text(machines, language, 0),
            translate_count("machine", "machines", machines, language),
        ],
        [duration_text(worked_s, language), translate(N_("of machine time"), language)],
    ]


def _by_success(made: dict[str, Any]) -> bool:
    return not made["is_done"]


def _count(number: int, language: str) -> str:
    return translate_count("{count} fabrication", "{count} fabrications", number, language)


def _period(made: tuple[PortfolioFabrication, ...], language: str, zone: str) -> str:
    """Say from when to when, in months; one month is named once."""
    if not made:
        return ""
    days = sorted(one.made_at for one in made)
    first, last = (moment_text(day, language, zone, "yMMMM") for day in (days[0], days[-1]))
    return first if first == last else f"{first} – {last}"


def _day(at: datetime, language: str, zone: str) -> str:
    return date_text(at, language, zone)
