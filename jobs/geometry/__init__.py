"""Drawings to plain geometry in millimetres: points, arcs and paths, with their origin. Pure."""
