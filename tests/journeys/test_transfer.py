"""What the first visit to a page costs on the wire: bytes are counted, not timed."""

import pytest

from tests.bench.pages import MOST_KB, PAGES, visit

pytestmark = [pytest.mark.browser]


@pytest.mark.parametrize("name", PAGES)
def test_a_first_visit_is_light(lab, chromium, name):
    who, path = PAGES[name]
    cost = visit(chromium, lab, lab.visitor(who), path, is_slow=False)
    assert any(address.endswith(".woff2") for address in cost.sizes), "nothing was in the cache"
    assert cost.kb_without_stills < MOST_KB, cost.sizes
    texts = {a: size for a, size in cost.sizes.items() if a.endswith((".css", ".js"))}
    assert len(texts) == 2
    assert all(size < 12_000 for size in texts.values()), f"not packed: {texts}"
