"""Every page of the hub, from the hub's own table of routes: a new page is in it by itself."""

import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from playwright.sync_api import Page

from fablab_hub.cli.hub import build_hub
from fablab_hub.cli.options import demo_settings_path
from fablab_hub.core.config import read_settings
from fablab_hub.core.folders import DataFolder
from fablab_hub.core.people import RIGHTS, Right, Role
from tests.a11y.stage import ANONYMOUS, TABLET, Stage
from web.access import PUBLIC, Access, routes_and_access
from web.app import create_app

EXAMPLES: MappingProxyType[str, Callable[[Stage], Mapping[str, str]]] = MappingProxyType(
    {
        "job_id": lambda stage: stage.jobs,
        "machine_id": lambda stage: {m["id"]: m["id"] for m in stage.manager.get("/machines")},
        "camera_id": lambda _: {"laser": "laser"},
        "fabrication_id": lambda stage: {"told": stage.owner.get("/fabrications")[0]["id"]},
        "photo_id": lambda stage: {
            "first": stage.owner.get("/fabrications")[0]["photos"][0]["id"],
        },
        "project_id": lambda stage: {"first": stage.owner.get("/projects")[0]["id"]},
        "person_id": lambda stage: {"somebody": stage.owner.id},
        "path": lambda _: {"a file": "manifest.json"},
    }
)
"""How to find examples for a parameter of a page's address: a label and a value for each."""

TOGETHER: MappingProxyType[str, Callable[[Stage], str]] = MappingProxyType(
    {
        "/travaux/{job_id}/reparations/{repair_id}/{side}.svg": lambda stage: (
            f"/travaux/{stage.jobs['to_approve']}/reparations/once/avant.svg"
        ),
        "/matieres/{machine_id}/{material_id}": lambda _: (
            "/matieres/laser/plywood-3?operation=fill&power=30&feed=5000"
        ),
    }
)
"""An example of an address whose parameters belong together."""

QUERIES: MappingProxyType[str, Callable[[Stage], Mapping[str, str]]] = MappingProxyType(
    {
        "/entrer": lambda stage: {
            "PIN": f"?qui={stage.owner.id}",
            "nobody found": "?cherche=zzzz",
        },
        "/appeler": lambda _: {"at a machine": "?machine=laser"},
        "/fabriquer": lambda _: {"machine chosen": "?machine=laser"},
        "/fabrications/{fabrication_id}": lambda _: {"just told": "?dit=saved"},
    }
)
"""What the same address shows otherwise, for each route where it does."""

OF_TABLETS = "/borne"
"""Addresses that only a machine's own tablet is shown, and that one only its own."""

_OF_LASER = ("/atelier", "/machines/laser", "/borne/laser")
"""Pages that look otherwise while the laser cuts."""

STREAMS: MappingProxyType[str, str] = MappingProxyType(
    dict.fromkeys(("/live", "/api/v1/live"), "a stream of events, which never ends")
)
"""Routes that are not asked what they answer, and why."""


@dataclass(frozen=True, slots=True)
class Address:
    """One page of the running lab.

    Attributes:
        name: stable from run to run: the route, and the label of its example.
        path: where it is in this lab.
        roles: who is shown it, not led elsewhere and not refused.
        is_running: whether the laser should cut while it is looked at.
        status: of the page that is looked at in the end.
        act: what to do on the page at `path` to get there.
    """

    name: str
    path: str
    roles: tuple[str, ...]
    is_running: bool = False
    status: int = 200
    act: Callable[[Page], None] = lambda _: None


def routes_to_get() -> list[tuple[str, Access]]:
    """List the routes of the application that answer GET."""
    with tempfile.TemporaryDirectory() as folder:
        path = demo_settings_path()
        hub = build_hub(read_settings(path), path, DataFolder(Path(folder)))
        table = routes_and_access(create_app(hub.services))
        hub.services.database.close()
    return [(path, access) for method, path, access in table if method == "GET"]


def find_pages(stage: Stage) -> list[Address]:
    """Find every page of a lab, by asking each route for each of its examples as each role.

    A page is HTML that is whole: parts of pages, pictures and documents are seen on their pages.
    """
    found: list[Address] = []
    for route, access in routes_to_get():
        roles = [TABLET] if re.match(rf"{OF_TABLETS}(/|$)", route) else _let_in(access)
        if route in STREAMS or not _may_be_page(stage, roles[0], route):
            continue
        for label, path in fill_in(route, stage).items():
            shown = tuple(role for role in roles if _is_page(stage, role, path))
            if shown:
                name = f"{route} ({label})" if label else route
                found.append(Address(name, path, shown))
                if label == "on the laser" or path in _OF_LASER:
                    found.append(Address(f"{name} running", path, shown, is_running=True))
    return found


def fill_in(route: str, stage: Stage) -> dict[str, str]:
    """Give a route's addresses, by a label for each; the label of a lone one is empty.

    Raises:
        LookupError: nobody said how to find an example for a parameter.
    """
    if route in TOGETHER:
        return {"one of them": TOGETHER[route](stage)}
    names = re.findall(r"\{(\w+)", route)
    if len(names) > 1 or not set(names) <= EXAMPLES.keys():
        raise LookupError(f"say in EXAMPLES what to put into {route}")
    examples = EXAMPLES[names[0]](stage) if names else {"": ""}
    if route.startswith(f"{OF_TABLETS}/"):
        examples = {"": "laser"}
    assert examples, f"the stage has no example for {route}"
    paths = {label: re.sub(r"\{[^}]+\}", value, route) for label, value in examples.items()}
    if route in QUERIES:
        first = next(iter(paths.values()))
        paths |= {label: first + query for label, query in QUERIES[route](stage).items()}
    return paths


def _let_in(access: Access) -> list[str]:
    roles = [role.value for role in Role if not isinstance(access, Right) or access in RIGHTS[role]]
    return [*roles, ANONYMOUS] if access is PUBLIC else roles


def _may_be_page(stage: Stage, role: str, route: str) -> bool:
    """Tell whether a route gives HTML, or leads elsewhere: then each role must be asked."""
    answer = stage.client(role).get(next(iter(fill_in(route, stage).values())))
    assert answer.status_code in (200, 303), f"{route}: {answer.status_code}"
    kind = answer.headers.get("content-type", "")
    return answer.status_code == 303 or kind.startswith("text/html")


def _is_page(stage: Stage, role: str, path: str) -> bool:
    answer = stage.client(role).get(path)
    if answer.status_code == 303:
        return False
    assert answer.status_code == 200, f"{role} asks {path}: {answer.status_code}"
    return answer.text.lstrip().lower().startswith("<!doctype html>")
