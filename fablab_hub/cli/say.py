"""Speak to whoever sits at the terminal."""

import click

from fablab_hub.cli.language import terminal_language
from fablab_hub.core.error_texts import describe
from fablab_hub.core.errors import FablabError
from fablab_hub.core.i18n.words import translate


def say(text: str, /, **fields: object) -> None:
    """Print a sentence in the terminal's language."""
    click.echo(translate(text, terminal_language(), **fields))


def say_error(error: FablabError) -> None:
    """Print the four parts of an error on standard error, each on its line."""
    for part in describe(error, terminal_language()):
        click.echo(part, err=True)
