"""Every page, looked at by axe-core and by the guard, in a few of the ways people have it."""

import pytest

from tests.a11y import pages as finding
from tests.a11y.axe import violations
from tests.a11y.cover import pairs_of
from tests.a11y.pages import fill_in, find_pages
from tests.a11y.scenes import scenes
from tests.a11y.walk import FACTORS, cover, look_at, selection, whole_product

pytestmark = [pytest.mark.browser]


def test_no_page_has_a_fault_that_axe_can_find(stage, pages, chromium):
    addresses = [*pages, *scenes(stage)]
    visits = selection(addresses)
    assert {visit.address.name for visit in visits} == {address.name for address in addresses}
    faults = [
        f"{visit.address.name} [{', '.join(visit.row.values())}]: {fault}"
        for visit, found in look_at(stage, chromium, visits)
        for fault in found
    ]
    assert not faults, "\n".join(faults)


def test_the_selection_holds_every_pair_and_is_part_of_the_product(pages):
    chosen = selection(pages)
    everything = whole_product(pages)
    pairs = set().union(*(pairs_of(dict(visit.row)) for visit in chosen))
    assert pairs == set().union(*(pairs_of(row) for row in cover(FACTORS)))
    assert all(visit in everything for visit in chosen)
    assert len(chosen) < len(everything) / 10


def test_axe_sees_a_fault(stage, chromium):
    page = chromium.new_page()
    page.goto(f"{stage.lab.address}/entrer")
    assert violations(page) == []
    page.evaluate("document.querySelector('main').append(new Image())")
    page.evaluate("document.querySelector('h1').style.color = '#eee'")
    found = "\n".join(violations(page))
    page.close()
    assert "image-alt (critical)" in found
    assert "color-contrast (serious)" in found


def test_a_parameter_that_nobody_explained_is_an_error(stage):
    with pytest.raises(LookupError, match="say in EXAMPLES"):
        fill_in("/nouveau/{number}", stage)


def test_a_new_page_is_found_by_itself(stage, monkeypatch):
    known = finding.routes_to_get()
    monkeypatch.setattr(finding, "routes_to_get", lambda: [("/nouveau/{number}", "public"), *known])
    with pytest.raises(LookupError, match="/nouveau/"):
        find_pages(stage)
