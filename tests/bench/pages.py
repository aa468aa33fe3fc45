"""What a page costs somebody with an old phone on a slow network: bytes, and seconds.

Slow 4G and the slow processor are Lighthouse's (its `constants.js`, "mobile slow 4G"): 1.6 Mbit/s
down, 750 kbit/s up, 150 ms a round trip, and a processor four times slower.
"""

import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from tests.bench.table import Row
from tests.journeys.conftest import Lab, Visitor, open_chromium, open_lab
from web.access import SESSION_COOKIE

PAGES = {
    "submit": ("Léa Le Goff", "/fabriquer"),
    "workshop": ("Nolwenn Cadiou", "/atelier"),
    "machine": ("Léa Le Goff", "/machines/laser"),
}
"""Who opens which page."""

MOST_KB = 150
LCP_S = 1.5
BLOCKED_MS = 200
_ROUNDS = 5
_PHONE = {"width": 360, "height": 740}
_SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
_SLOW_PROCESSOR = {"rate": 4}
_QUIET_MS = 1000

_NOTE = """() => {
  window.noted = { lcp_ms: 0, blocked_ms: 0 };
  const note = (type, take) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take))
      .observe({ type, buffered: true });
  note("largest-contentful-paint", (entry) => { window.noted.lcp_ms = entry.startTime; });
  note("longtask", (entry) => { window.noted.blocked_ms += entry.duration - 50; });
}"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one cold visit cost.

    Attributes:
        sizes: bytes on the wire of each address, headers included.
        lcp_s: seconds until the largest part was painted.
        blocked_ms: what tasks took beyond 50 ms each.
    """

    sizes: dict[str, int]
    lcp_s: float
    blocked_ms: float

    @property
    def kb(self) -> float:
        """Give all that came, in kB of 1000 bytes."""
        return sum(self.sizes.values()) / 1000

    @property
    def kb_without_stills(self) -> float:
        """Give the same without what cameras see: those come again and again."""
        stills = (size for path, size in self.sizes.items() if path.startswith("/cameras/"))
        return self.kb - sum(stills) / 1000


def visit(browser: Browser, lab: Lab, visitor: Visitor, path: str, *, is_slow: bool) -> Cost:
    """Open a page with nothing in the cache, and wait until it is whole and quiet."""
    context = browser.new_context(base_url=lab.address, viewport=_PHONE, locale="fr-FR")
    cookie = visitor.client.cookies[SESSION_COOKIE]
    context.add_cookies([{"name": SESSION_COOKIE, "value": cookie, "url": lab.address}])
    context.add_init_script(f"({_NOTE})()")
    page = context.new_page()
    wire = context.new_cdp_session(page)
    addresses: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def asked(event: dict[str, Any]) -> None:
        addresses[event["requestId"]] = urlsplit(event["request"]["url"]).path

    def finished(event: dict[str, Any]) -> None:
        address = addresses.get(event["requestId"], "?")
        sizes[address] = sizes.get(address, 0) + round(event["encodedDataLength"])

    wire.on("Network.requestWillBeSent", asked)
    wire.on("Network.loadingFinished", finished)
    wire.send("Network.enable")
    if is_slow:
        wire.send("Network.emulateNetworkConditions", _SLOW_4G)
        wire.send("Emulation.setCPUThrottlingRate", _SLOW_PROCESSOR)
    page.goto(path, wait_until="load")
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(_QUIET_MS)
    noted = page.evaluate("window.noted")
    context.close()
    return Cost(sizes, noted["lcp_ms"] / 1000, noted["blocked_ms"])


def run() -> list[Row]:
    """Visit each page a few times; gives bytes, the largest paint and blocked time."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder, open_lab(Path(folder), 10) as lab:
        visitors = {name: lab.visitor(name) for name, _ in PAGES.values()}
        with open_chromium() as browser:
            for name, (who, path) in PAGES.items():
                costs = [
                    visit(browser, lab, visitors[who], path, is_slow=True) for _ in range(_ROUNDS)
                ]
                rows += _rows(name, costs)
    return rows


def _rows(name: str, costs: list[Cost]) -> list[Row]:
    figures = (
        ("transfer, cold", [cost.kb for cost in costs], "kB", MOST_KB),
        ("without stills", [cost.kb_without_stills for cost in costs], "kB", MOST_KB),
        ("largest paint, slow 4G", [cost.lcp_s for cost in costs], "s", LCP_S),
        ("blocked, processor / 4", [cost.blocked_ms for cost in costs], "ms", BLOCKED_MS),
    )
    return [
        Row(
            name=f"page {name}: {what}",
            median=(median := statistics.median(values)),
            unit=unit,
            goal=f"< {goal:g} {unit}",
            is_met=median < goal,
        )
        for what, values, unit, goal in figures
    ]
