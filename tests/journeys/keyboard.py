"""Somebody who uses a page with the keys alone, and looks where the focus is."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

_MOST_STOPS = 80
_FOCUS = """() => {
  const here = document.activeElement;
  if (!here || here === document.body) return { name: "", isShown: true, isFree: true };
  // A box inside a label is drawn by its label.
  const drawn = here.matches("label > input") ? here.closest("label") : here;
  const outlined = (one) => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const around = [...drawn.getClientRects()];
  const isOnTop = (box) => {
    const x = box.left + box.width / 2;
    const y = box.top + box.height / 2;
    const top = document.elementFromPoint(x, y);
    return top !== null && (drawn.contains(top) || top.contains(drawn));
  };
  return {
    name: here.outerHTML.slice(0, 160).replace(/\\s+/g, " "),
    isShown: [here, drawn].some((one) => getComputedStyle(one).opacity > 0 && outlined(one)),
    isFree: around.length > 0 && around.some(isOnTop),
  };
}"""


@dataclass
class Keys:
    """The keys of one page; every stop of the focus is judged."""

    page: Page
    stops: int = 0

    def tab_to(self, wanted: Locator, key: str = "Tab") -> None:
        """Press Tab until something has the focus.

        Fails when a stop on the way cannot be seen: without an outline (WCAG 2.4.7), or behind
        the bars that stay in place (2.4.11).
        """
        wanted.wait_for(state="attached")
        for _ in range(_MOST_STOPS):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            self.press(key)
        raise AssertionError(f"the keys do not lead to {wanted}")

    def press(self, key: str) -> None:
        """Press a key, and judge where the focus is then."""
        self.page.keyboard.press(key)
        self.judge()

    def judge(self) -> None:
        """Fail when the focus cannot be seen."""
        focus = self.page.evaluate(_FOCUS)
        self.stops += 1
        assert focus["isShown"], f"no outline shows the focus on {focus['name']}"
        assert focus["isFree"], f"something covers the focus on {focus['name']}"

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def choose(self, group: str, value: str) -> None:
        """Choose one of a group of radio buttons, with Tab, the arrows and Space."""
        self._reach_group(group)
        for _ in range(self.page.locator(f"input[name={group}]").count()):
            focused = self.page.evaluate("document.activeElement.value")
            if focused == value:
                self.press("Space")
                assert self.page.locator(f"input[name={group}]:checked").input_value() == value
                return
            self.press("ArrowDown")
        raise AssertionError(f"the arrows do not lead to {value} in {group}")

    def _reach_group(self, group: str) -> None:
        for _ in range(_MOST_STOPS):
            if self.page.evaluate("document.activeElement.name") == group:
                return
            self.press("Tab")
        raise AssertionError(f"the keys do not lead to {group}")
