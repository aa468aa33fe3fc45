"""Cameras: one small interface, a source per way of getting a picture."""
