"""What a level asks for, in words that say what to do."""

from fablab_hub.core.i18n.words import N_, translate, translate_count
from fablab_hub.core.machines import MachineKind
from projects.skills.framework import Framework, Need, NeedKind

_SOME_SENTENCES = 80
"""Letters of a story that is more than a word."""


def need_text(need: Need, framework: Framework, language: str) -> str:
    """Say what a level asks for."""
    match need.kind:
        case NeedKind.RUNS:
            return _runs(need, language)
        case NeedKind.FILES:
            return translate_count(
                "{count} file that is right at once", "{count} files that are right at once",
                need.count, language,
            )  # fmt: skip
        case NeedKind.ENTRIES:
            return _entries(need, language)
        case NeedKind.NOTED:
            return _noted(need, framework, language)
        case NeedKind.LEVEL:
            skill = framework.skills[need.skill].label.text(language)
            level = framework.levels[need.count - 1].label.text(language)
            return translate(N_("{skill}: “{level}”"), language, skill=skill, level=level)
        case NeedKind.QUIET | NeedKind.VALIDATORS:
            return translate_count(
                "{count} day without an incident", "{count} days without an incident",
                need.count, language,
            )  # fmt: skip


def _runs(need: Need, language: str) -> str:
    match need.on:
        case MachineKind.LASER:
            text = translate_count(
                "{count} object made with the laser", "{count} objects made with the laser",
                need.count, language,
            )  # fmt: skip
        case MachineKind.PRINTER:
            text = translate_count(
                "{count} object printed in 3D", "{count} objects printed in 3D",
                need.count, language,
            )  # fmt: skip
        case None:
            text = translate_count(
                "{count} object made", "{count} objects made", need.count, language
            )
    if need.materials < 2:
        return text
    return translate(N_("{what}, of {count} materials"), language, what=text, count=need.materials)


def _entries(need: Need, language: str) -> str:
    if need.letters >= _SOME_SENTENCES:
        return translate_count(
            "{count} object told in a few sentences, with a photo",
            "{count} objects told in a few sentences, with a photo",
            need.count, language,
        )  # fmt: skip
    return translate_count(
        "{count} object told, with a photo", "{count} objects told, with a photo",
        need.count, language,
    )  # fmt: skip


def _noted(need: Need, framework: Framework, language: str) -> str:
    label = framework.notes[need.what].label.text(language)
    if need.least:
        return translate(
            N_("{what}: {least} of 100 or more"), language, what=label, least=round(need.least)
        )
    if need.count > 1:
        return translate(N_("{what}, {count} times"), language, what=label, count=need.count)
    return label
