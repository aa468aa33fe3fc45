"""Looks at a page with axe-core (Deque): WCAG 2.2 level AA, and what its makers call best practice.

The page keeps its strict policy: axe's source is evaluated by the browser's own debugger, as a
script in the page it would be refused.
"""

import functools
from pathlib import Path

from playwright.sync_api import Page

SOURCE = Path(__file__).parents[2] / "web" / "assets" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

_RUN = """async (tags) => {
  const found = await axe.run(document, {
    runOnly: { type: "tag", values: tags }, resultTypes: ["violations"],
  });
  return found.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id} (${rule.impact}): ${node.target.join(" ")}: ${node.failureSummary}`));
}"""


def violations(page: Page) -> list[str]:
    """List what is wrong with a page: the rule, the element, and how it could be put right."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(_source())
    return [" ".join(text.split()) for text in page.evaluate(_RUN, TAGS)]


@functools.cache
def _source() -> str:
    return f"() => {{ {SOURCE.read_text(encoding='utf-8')} }}"
