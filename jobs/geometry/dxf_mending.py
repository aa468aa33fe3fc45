"""Mend what some programs leave out of a DXF, so that it can be read at all.

OpenJSCAD and plug-ins like it write LWPOLYLINE without the subclass marks that the DXF reference
asks for since R13; everything else in the entity is as it should be.
"""

import re
from collections.abc import Iterator

_FIRST_MARK, _OWN_MARK = b"100\nAcDbEntity\n", b"100\nAcDbPolyline\n"
_HEADER = b"0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1015\n0\nENDSEC\n"
_NAMES = (b"5", b"330")
_COMMON = frozenset({b"5", b"6", b"8", b"62", b"370", b"330", b"100", b"67", b"48", b"60"})
"""Group codes that every entity may have; the polyline's own follow them."""


def mended(data: bytes) -> bytes | None:
    """Give a text DXF with the marks of its polylines put in; None where none is missing."""
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    entities = list(_entities(lines))
    is_missing = [_is_bare(entity) for entity in entities]
    if not any(is_missing):
        return None
    parts = [
        _marked(entity) if is_bare else b"".join(_written(entity))
        for entity, is_bare in zip(entities, is_missing, strict=True)
    ]
    return _dated(b"".join(parts))


def _dated(text: bytes) -> bytes:
    """Say that a file is as young as its marks; ezdxf drops those of older ones."""
    if b"$ACADVER" not in text:
        return _HEADER + text
    return re.sub(rb"(\$ACADVER\s+1\s+)AC10(06|09|12)", rb"\1AC1015", text, count=1)


_Tag = tuple[bytes, bytes]


def _entities(lines: list[bytes]) -> Iterator[list[_Tag]]:
    """Group tags from one with code 0 to the next."""
    entity: list[_Tag] = []
    for at in range(0, len(lines) - 1, 2):
        code = lines[at].strip()
        if code == b"0" and entity:
            yield entity
            entity = []
        entity.append((code, lines[at + 1]))
    if entity:
        yield entity


def _is_bare(entity: list[_Tag]) -> bool:
    return entity[0][1].strip() == b"LWPOLYLINE" and not any(
        code == b"100" and value.strip() == b"AcDbPolyline" for code, value in entity
    )


def _marked(entity: list[_Tag]) -> bytes:
    common = [tag for tag in entity[1:] if tag[0] in _COMMON and tag[0] != b"100"]
    own = [tag for tag in entity[1:] if tag[0] not in _COMMON]
    head = [entity[0], *(tag for tag in common if tag[0] in _NAMES)]
    rest = [tag for tag in common if tag[0] not in _NAMES]
    return b"".join((*_written(head), _FIRST_MARK, *_written(rest), _OWN_MARK, *_written(own)))


def _written(tags: list[_Tag]) -> Iterator[bytes]:
    for code, value in tags:
        yield code + b"\n" + value + b"\n"
