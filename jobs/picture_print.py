"""A picture for programs that do not keep the width of lines while they scale (`vector-effect`)."""

import xml.etree.ElementTree as ET

_SVG = "http://www.w3.org/2000/svg"
_STEADY = "vector-effect"


def with_scaled_widths(picture: str, mm_per_px: float) -> str:
    """Turn the widths and dashes of a picture's lines from pixels into its own millimetres.

    Args:
        picture: what `draw_picture` made.
        mm_per_px: how many millimetres one pixel will show.
    """
    ET.register_namespace("", _SVG)
    root = ET.fromstring(picture)  # noqa: S314 - made by `draw_picture`: no entities
    for element in root.iter():
        scale = mm_per_px / _zoom(element)
        is_shared = element.tag in (f"{{{_SVG}}}g", f"{{{_SVG}}}use")
        if element.attrib.pop(_STEADY, None) or is_shared:
            for name in ("stroke-width", "stroke-dasharray"):
                if value := element.get(name):
                    scaled = (f"{float(part) * scale:.3f}" for part in value.split())
                    element.set(name, " ".join(scaled))
    return ET.tostring(root, encoding="unicode") + "\n"


def _zoom(element: ET.Element) -> float:
    """Give how much larger an inset shows its lines."""
    _, _, after = element.get("transform", "").partition("scale(")
    return float(after.rstrip(")")) if after else 1.0


def mm_per_point(picture: str, width_pt: float) -> float:
    """Give the millimetres of a picture that one point shows where it is so many points wide."""
    root = ET.fromstring(picture)  # noqa: S314 - made by `draw_picture`: no entities
    return float(root.attrib["viewBox"].split()[2]) / width_pt
