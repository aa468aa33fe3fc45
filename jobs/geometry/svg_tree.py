"""The tree of an SVG, read without following anything: no entity, no reference, no script.

Styles are resolved here too: a shape's properties are its own attributes, then the rules of the
file's style sheets by their weight, then its `style` attribute (CSS 2.1, section 6.4).
"""

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import Any

import cssselect2
import tinycss2
from defusedxml.ElementTree import DefusedXMLParser

from fablab_hub.core.errors import LimitExceededError, UnreadableFileError
from jobs.geometry.drawing import Seen

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}"

_MOST_ENTITIES = 100
_LONGEST_ENTITY = 200
_MOST_RULES = 5_000
_NONE: Mapping[str, str] = MappingProxyType({})

Declarations = Mapping[str, str]


class _Parser(DefusedXMLParser):
    """Forbids entities but for short plain ones, which Illustrator writes for its name spaces."""

    def __init__(self) -> None:
        super().__init__(forbid_dtd=False, forbid_entities=True, forbid_external=True)
        self._entities = 0

    def defused_entity_decl(
        self, name: str, is_parameter_entity: bool, value: str | None, *outside: Any
    ) -> None:
        """Let a short text through that refers to nothing, a hundred times at the most."""
        self._entities += 1
        is_plain = value is not None and "&" not in value and "%" not in value and "<" not in value
        if (
            is_parameter_entity
            or not is_plain
            or len(value or "") > _LONGEST_ENTITY
            or self._entities > _MOST_ENTITIES
        ):
            super().defused_entity_decl(name, is_parameter_entity, value, *outside)


class SvgTree:
    """An SVG's elements with their styles.

    Attributes:
        root: the outermost `svg` element.
        by_id: every element that has a name.
        seen: scripts, and references to things outside, counted.
    """

    def __init__(self, root: ET.Element, max_elements: int) -> None:
        """Look at every element once.

        Raises:
            LimitExceededError: too many elements.
        """
        self.root = root
        self.by_id: dict[str, ET.Element] = {}
        self.seen: Counter[Seen] = Counter()
        sheets: list[str] = []
        for count, element in enumerate(root.iter()):
            if count >= max_elements:
                raise LimitExceededError("drawing.too-many-entities", max=max_elements)
            self._look_at(element, sheets)
        self._rules = self._matched("\n".join(sheets)) if sheets else {}

    def style_of(self, element: ET.Element) -> Declarations:
        """Give the properties of an element alone, nothing inherited."""
        properties = dict(element.attrib)
        properties.update(self._rules.get(element, _NONE))
        if style := element.get("style"):
            properties.update(_declarations(style))
        return properties

    def _look_at(self, element: ET.Element, sheets: list[str]) -> None:
        if not isinstance(element.tag, str):
            return
        if name := element.get("id"):
            self.by_id.setdefault(name, element)
        tag = element.tag.rpartition("}")[2]
        if tag == "script" or any(key.startswith("on") for key in element.attrib):
            self.seen[Seen.ACTIVE] += 1
        href = href_of(element)
        if tag in ("use", "image") and href and not href.startswith(("#", "data:")):
            self.seen[Seen.OUTSIDE] += 1
        if tag == "style":
            sheets.append("".join(element.itertext()))

    def _matched(self, sheet: str) -> dict[ET.Element, Declarations]:
        """Give the declarations of style sheets for each element that they mean."""
        matcher = cssselect2.Matcher()
        for selectors, declared in self._rules_of(sheet):
            for selector in selectors:
                if selector.pseudo_element is None:
                    matcher.add_selector(selector, declared)
        wrapped = cssselect2.ElementWrapper.from_xml_root(self.root)
        found: dict[ET.Element, Declarations] = {}
        for each in wrapped.iter_subtree():
            if matches := matcher.match(each):
                properties: dict[str, str] = {}
                for _, _, _, declared in matches:  # the lightest first
                    properties.update(declared)
                found[each.etree_element] = properties
        return found

    def _rules_of(self, sheet: str) -> Iterator[tuple[Any, Declarations]]:
        rules = tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)
        for number, rule in enumerate(rules):
            if number >= _MOST_RULES:
                raise LimitExceededError("drawing.too-many-entities", max=_MOST_RULES)
            if rule.type == "at-rule" and rule.lower_at_keyword == "import":
                self.seen[Seen.OUTSIDE] += 1
            if rule.type != "qualified-rule":
                continue
            try:
                selectors = cssselect2.compile_selector_list(
                    rule.prelude, {None: SVG[1:-1], "svg": SVG[1:-1]}
                )
            except cssselect2.SelectorError:
                continue
            yield selectors, _declarations(tinycss2.serialize(rule.content))


def read_tree(path: FilePath, max_elements: int) -> SvgTree:
    """Read the tree of a file.

    Raises:
        UnreadableFileError: no SVG (`drawing.not-an-svg`), or broken (`drawing.broken-svg`).
        LimitExceededError: too many elements.
    """
    parser = _Parser()
    try:
        root = ET.parse(path, parser=parser).getroot()  # noqa: S314 - the parser is careful
    except (ET.ParseError, ValueError, LookupError, AssertionError) as error:
        raise UnreadableFileError("drawing.broken-svg") from error
    if not isinstance(root.tag, str) or root.tag.rpartition("}")[2] != "svg":
        raise UnreadableFileError("drawing.not-an-svg")
    return SvgTree(root, max_elements)


def href_of(element: ET.Element) -> str:
    """Give what an element refers to, as SVG 1.1 and as SVG 2 write it."""
    return element.get("href") or element.get(f"{XLINK}href") or ""


def _declarations(text: str) -> dict[str, str]:
    return {
        each.lower_name: tinycss2.serialize(each.value).strip()
        for each in tinycss2.parse_blocks_contents(text, skip_comments=True, skip_whitespace=True)
        if each.type == "declaration"
    }
