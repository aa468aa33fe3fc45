"""The lab's own letters, Atkinson Hyperlegible, for documents and for texts on a drawing."""

from pathlib import Path

FONTS = Path(__file__).parents[1] / "fonts"
"""Folder of the TrueType files; `make setup` fills it."""
