"""Write the pages of docs/ that are made from the tables in the code: `make docs`.

A test makes the same pages and fails when one on disk says something else.
"""

import dataclasses
import inspect
import re
import typing
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

from fablab_hub.core.bounds import Ge, Gt, Le, MinLen
from fablab_hub.core.error_texts import TEXTS, describe
from fablab_hub.core.errors import FablabError
from fablab_hub.core.i18n.words import translate
from fablab_hub.core.machines import MachineKind
from fablab_hub.core.people import RIGHTS, Right, Role
from fablab_hub.core.profiles import profile_files, read_profile
from fablab_hub.core.settings import Settings
from fablab_hub.gcode.dialects.slicer_table import HEAD_BYTES
from fablab_hub.gcode.dialects.slicers import SLICERS
from jobs.checks.gcode_examples import EXAMPLES, Example
from jobs.checks.rule import Rule
from jobs.checks.rules import RULES
from jobs.states import TABLE, State

DOCS = Path(__file__).parent
_SHOWN_LINES = 12
_MADE = "<!-- Made by `make docs`; change the table in the code instead. -->\n\n"


def pages() -> dict[Path, str]:
    """Make every page that comes from a table, by its path."""
    made = {
        DOCS / "settings.md": settings_page(),
        DOCS / "errors.md": errors_page(),
        DOCS / "states.md": states_page(),
        DOCS / "rights.md": rights_page(),
        DOCS / "slicers.md": slicers_page(),
        DOCS / "machines.md": machines_page(),
        DOCS / "rules" / "README.md": rules_index(),
    }
    for rule in RULES.values():
        made[DOCS / "rules" / f"{rule.id}.md"] = rule_page(rule)
    return made


def settings_page() -> str:
    """List every key of `fablab.toml`, with its unit, bounds and default."""
    text = _MADE + "# Every setting of `fablab.toml`\n\n"
    text += (
        "A key that is not listed here is an error, never ignored. Units are in the names: `_mm`,\n"
        "`_mm_min`, `_s`, `_c`, `_w`; powers go from 0 to 1. A full example is the demo's file,\n"
        "`fablab_hub/cli/demo.toml`.\n"
    )
    for name, kind in _tables(Settings):
        text += f"\n## `[{name}]`\n\n{_first_sentence(kind)}\n\n"
        text += "| key | value | default | meaning |\n| --- | --- | --- | --- |\n"
        meanings = _attributes(kind)
        for field in dataclasses.fields(kind):
            if field.name == "id":
                continue
            meaning = meanings.get(field.name, "")
            text += f"| `{field.name}` | {_value(field.type)} | {_default(field)} | {meaning} |\n"
    return text


def errors_page() -> str:
    """List every error: its id and its four parts, in both languages."""
    text = (
        _MADE
        + "# Every error\n\nThe id is in the logs and in the API's answers. An error says what "
    )
    text += "happened, what is broken, *what to do now*, and who can help.\n"
    for code in sorted(TEXTS):
        text += f"\n## `{code}`\n\n"
        for language in ("en", "fr"):
            told = describe(FablabError(code), language)
            text += f"- {language}: {told.message} {told.harm} *{told.remedy}* {told.help}\n"
    return text


def states_page() -> str:
    """Draw a job's life, and list who may move it."""
    text = _MADE + "# A job's life\n\n```mermaid\nstateDiagram-v2\n    [*] --> checking\n"
    for (state, verb), move in TABLE.items():
        text += f"    {state.value} --> {move.to.value}: {verb.value}\n"
    text += "```\n\n| state | what happens | to | by |\n| --- | --- | --- | --- |\n"
    for (state, verb), move in TABLE.items():
        actors = ", ".join(sorted(actor.value for actor in move.by))
        text += f"| `{state.value}` | {verb.value} | `{move.to.value}` | {actors} |\n"
    final = ", ".join(f"`{state.value}`" for state in State if not _leaves(state))
    return text + f"\nNothing leaves {final}.\n"


def _leaves(state: State) -> bool:
    return any(start is state for start, _ in TABLE)


def rights_page() -> str:
    """Show which role may do what."""
    text = _MADE + "# Who may do what\n\n| | " + " | ".join(role.value for role in Role) + " |\n"
    text += "| --- |" + " --- |" * len(Role) + "\n"
    for right in Right:
        marks = ("yes" if right in RIGHTS[role] else "" for role in Role)
        text += f"| {right.value.replace('_', ' ')} | " + " | ".join(marks) + " |\n"
    return text + "\n`start` also needs an authorisation for the machine.\n"


def machines_page() -> str:
    """List the profiles that come with the hub, with where their figures are from."""
    text = _MADE + "# Machines the hub knows\n\n"
    text += (
        '`profile = "prusa-mk3s"` in a `[machines.…]` table takes everything from a profile; what '
        "stands\nbeside it counts more, value by value. A lab's own profiles lie in `profiles/` "
        "beside `fablab.toml`,\nand each says in `source` where its figures are from. `fablab-hub "
        "machines --profiles` lists them,\n`fablab-hub machines --profile ID` shows one. Hold a "
        "profile against your own machine before you\ntrust it: makers change boards and "
        "firmware.\n\n"
    )
    for kind, title in ((MachineKind.PRINTER, "Printers"), (MachineKind.LASER, "Lasers")):
        text += f"## {title}\n\n| profile | machine | bed, mm | limits | from |\n"
        text += "| --- | --- | --- | --- | --- |\n"
        for path in profile_files(None).values():
            profile = read_profile(path)
            table = profile.table
            if table["kind"] != kind:
                continue
            own = table[kind.value]
            limits = (
                f"{own['max_nozzle_c']} °C, bed {own['max_bed_c']} °C"
                if kind is MachineKind.PRINTER
                else f"{own['tube_w']:g} W at S{own['full_power_s']}"
            )
            bed = " × ".join(f"{side:g}" for side in table["bed_mm"] if side)
            source = " ".join(profile.source.split())
            text += f"| `{profile.id}` | {table['name']['en']} | {bed} | {limits} | {source} |\n"
        text += "\n"
    return text.rstrip() + "\n"


def slicers_page() -> str:
    """List the slicers that are known, and what of their files is left out without a word."""
    text = _MADE + "# Slicers and other writers of G-code\n\n"
    text += (
        "A file says in a comment who wrote it, within its first "
        f"{HEAD_BYTES} bytes. What that program\nwrites into every file, and means no harm by, is "
        "left out without a word; limits of speed and\nacceleration are compared with the "
        "machine's first. As anybody can write such a comment, a name\nonly ever leaves commands "
        "out: what a firmware's table refuses stays refused.\n\n"
    )
    text += "| written by | for | a comment says | left out | which are |\n"
    text += "| --- | --- | --- | --- | --- |\n"
    for slicer in SLICERS:
        mark = slicer.mark.pattern.decode().replace("|", "` or `")
        left_out = " ".join(slicer.left_out)
        text += f"| {slicer.name} | {slicer.kind.value} | `{mark}` | {left_out} | {slicer.why} |\n"
    return text


def rules_index() -> str:
    """List every rule of the checks."""
    text = _MADE + "# Every rule of the checks\n\n"
    text += "A lab may raise a severity, and lower it unless the rule is *hard*.\n\n"
    text += "| rule | severity | hard | can occur on | |\n| --- | --- | --- | --- | --- |\n"
    for rule in sorted(RULES.values(), key=lambda rule: rule.id):
        hard = "yes" if rule.is_hard else ""
        reach = ", ".join(rule.firmwares)
        text += f"| [`{rule.id}`]({rule.id}.md) | {rule.severity.value} | {hard} | {reach} "
        text += f"| {rule.title} |\n"
    return text


def rule_page(rule: Rule) -> str:
    """Say one rule in both languages."""
    hard = ", and no lab can lower it" if rule.is_hard else ""
    text = _MADE + f"# `{rule.id}`\n\nSeverity: **{rule.severity.value}**{hard}.\n"
    if rule.firmwares:
        text += f"Can occur on: {', '.join(rule.kinds)} ({', '.join(rule.firmwares)}).\n"
    for language, heading in (("fr", "En français"), ("en", "In English")):
        text += f"\n## {heading}\n\n**{translate(rule.title, language)}**\n\n"
        text += f"{translate(rule.message, language)}\n\n{translate(rule.remedy, language)}\n"
    example = EXAMPLES.get(rule.id.removeprefix("gcode."))
    return text + (_example(example) if example else "")


def _example(example: Example) -> str:
    """Show the two programs of a rule; a long one by its first lines."""
    on = f" on the machine `{example.machine}`"
    return (
        f"\n## Examples\n\nThis meets the rule{on}{_of(example.material)}:\n\n"
        f"{_code(example.meets)}\nThis just does not{_of('', bool(example.material))}:\n\n"
        f"{_code(example.passes)}"
    )


def _of(material: str, is_other: bool = False) -> str:
    if is_other:
        return ", on plywood"
    return f", with the material `{material}`" if material else ""


def _code(program: str) -> str:
    lines = program.strip().split("\n")
    shown = [*lines[:_SHOWN_LINES], f"; and so on: {len(lines)} lines in all"]
    return "```gcode\n" + "\n".join(shown if len(lines) > _SHOWN_LINES else lines) + "\n```\n"


def _tables(kind: Any) -> Iterator[tuple[str, Any]]:
    """Walk the settings classes, each with the heading of its table in the file."""
    seen: list[Any] = []

    def walk(name: str, kind: Any) -> Iterator[tuple[str, Any]]:
        for field in dataclasses.fields(kind):
            inner = _settings_class(field.type)
            if inner is None:
                continue
            is_keyed = typing.get_origin(field.type) is dict
            path = f"{name}.{field.name}" if name else field.name
            path += ".<id>" if is_keyed else ""
            if inner not in seen:
                seen.append(inner)
                yield path, inner
                yield from walk(path, inner)

    yield from walk("", kind)


def _settings_class(annotation: Any) -> Any:
    if dataclasses.is_dataclass(annotation):
        return annotation
    arguments = typing.get_args(annotation)
    if typing.get_origin(annotation) is typing.Annotated:
        arguments = arguments[:1]  # the rest are bounds, which are dataclasses too
    for argument in arguments:
        if (found := _settings_class(argument)) is not None:
            return found
    return None


def _value(annotation: Any) -> str:
    """Describe what a key takes, with its bounds."""
    bounds = getattr(annotation, "__metadata__", ())
    kind = typing.get_args(annotation)[0] if bounds else annotation
    words = {str: "text", int: "whole number", float: "number", bool: "true or false"}
    if kind in words:
        text = words[kind]
    elif inspect.isclass(kind) and issubclass(kind, StrEnum):
        text = " or ".join(f"`{member.value}`" for member in kind)
    elif dataclasses.is_dataclass(kind):
        text = "table"
    elif typing.get_origin(kind) is tuple:
        inner = [item for item in typing.get_args(kind) if item is not Ellipsis]
        is_open = Ellipsis in typing.get_args(kind)
        text = "list of " + _value(inner[0]) if is_open else f"{len(inner)} numbers"
    else:
        text = " or ".join(_value(a) for a in typing.get_args(kind) if a is not type(None))
    return text + "".join(_bound(bound) for bound in bounds)


def _bound(bound: Any) -> str:
    match bound:
        case Gt(gt=low):
            return f", over {low:g}"
        case Ge(ge=low):
            return f", from {low:g}"
        case Le(le=high):
            return f", up to {high:g}"
        case MinLen():
            return ""
    return f", {bound}"


def _default(field: Any) -> str:
    if field.default is dataclasses.MISSING:
        return "*required*" if field.default_factory is dataclasses.MISSING else ""
    return "" if field.default is None or field.default == () else f"`{field.default}`"


def _first_sentence(kind: Any) -> str:
    return inspect.cleandoc(kind.__doc__ or "").split("\n\n")[0].replace("\n", " ")


def _attributes(kind: Any) -> dict[str, str]:
    """Read the `Attributes:` of a docstring."""
    doc = inspect.cleandoc(kind.__doc__ or "")
    section = doc.partition("Attributes:\n")[2].split("\n\n")[0]
    found: dict[str, str] = {}
    for entry in re.split(r"\n(?=    \S)", section):
        names, _, meaning = entry.strip().partition(": ")
        for name in names.split(", "):
            found[name] = " ".join(meaning.split())
    return found


def main() -> None:
    """Write every page, and remove pages of rules that are no more."""
    made = pages()
    for path, text in made.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for stale in set((DOCS / "rules").glob("*.md")) - set(made):
        stale.unlink()


if __name__ == "__main__":
    main()
