"""Reports as JSON: what `check --json`, the API and the database hold.

A stored finding has no sentences; a shown one has them in the reader's language.
"""

import dataclasses
from typing import Any

from fablab_hub.core.geometry import Box
from fablab_hub.core.materials import OperationKind
from fablab_hub.core.programs import Mark
from jobs.geometry.path import Drawn
from jobs.report import (
    CheckedFile,
    DrawingShown,
    Facts,
    FileKind,
    Finding,
    RepairShown,
    Report,
    Severity,
    Verdict,
    Where,
)
from jobs.toolpath.groups import DecidedBy, LineGroup


def report_to_stored(report: Report) -> dict[str, Any]:
    """Write a report without sentences, for the database and between processes."""
    file = report.file
    return {
        "file": {
            "name": file.name,
            "sha256": file.sha256,
            "bytes": file.bytes,
            "kind": file.kind.value,
            "dialect": file.dialect,
        },
        "verdict": report.verdict.value,
        "findings": [finding_to_json(finding) for finding in report.findings],
        "facts": facts_to_json(report.facts),
        "drawing": drawing_to_json(report.drawing) if report.drawing else None,
        "program": {
            "sha256": report.program_sha256,
            "lines": report.program_lines,
            "marks": [
                [*mark[:2], round(mark.after_s, 2), mark.layer] for mark in report.program_marks
            ],
        },
    }


def report_from_json(body: dict[str, Any]) -> Report:
    """Read what `report_to_stored` wrote."""
    return Report(
        file=CheckedFile(**{**body["file"], "kind": FileKind(body["file"]["kind"])}),
        verdict=Verdict(body["verdict"]),
        findings=tuple(_finding(item) for item in body["findings"]),
        facts=facts_from_json(body["facts"]),
        drawing=_drawing(body["drawing"]) if body.get("drawing") else None,
        program_sha256=body["program"]["sha256"],
        program_lines=body["program"]["lines"],
        program_marks=tuple(Mark(*mark) for mark in body["program"].get("marks", ())),
    )


def finding_to_json(finding: Finding) -> dict[str, Any]:
    """Write one finding without sentences."""
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "count": finding.count,
        "where": [_where_to_json(where) for where in finding.where],
        "data": dict(finding.facts),
    }


def _where_to_json(where: Where) -> dict[str, Any]:
    body: dict[str, Any] = {
        "line": where.line,
        "layer": where.layer,
        "handle": where.handle,
        "at_mm": _rounded(where.at_mm) if where.at_mm else None,
    }
    return {name: value for name, value in body.items() if value is not None}


def _finding(body: dict[str, Any]) -> Finding:
    return Finding(
        rule=body["rule"],
        severity=Severity(body["severity"]),
        count=body["count"],
        where=tuple(
            Where(**{**item, "at_mm": tuple(item["at_mm"]) if "at_mm" in item else None})
            for item in body["where"]
        ),
        facts=body["data"],
    )


def facts_to_json(facts: Facts) -> dict[str, Any]:
    """Write facts as the report's JSON has them; what does not apply is left out."""
    body: dict[str, Any] = {}
    for name in Facts.__dataclass_fields__:
        value = getattr(facts, name)
        if isinstance(value, Box):
            value = {"min": _rounded(value.min_mm), "max": _rounded(value.max_mm)}
        elif isinstance(value, float):
            value = round(value, 3)
        if value is not None:
            body[name] = value
    return body


def facts_from_json(body: dict[str, Any]) -> Facts:
    """Read what `facts_to_json` wrote."""
    values: dict[str, Any] = {
        name: Box(tuple(value["min"]), tuple(value["max"])) if isinstance(value, dict) else value
        for name, value in body.items()
    }
    return Facts(**values)


def drawing_to_json(drawing: DrawingShown) -> dict[str, Any]:
    """Write what there is to decide about a drawing."""
    return {
        "writer": drawing.writer,
        "unit": drawing.unit,
        "scale_mm": drawing.scale_mm,
        "lines": [
            {
                "key": group.key,
                "layer": group.layer,
                "colour": group.colour,
                "drawn": group.drawn.value,
                "count": group.count,
                "length_mm": round(group.length_mm, 1),
                "operation": group.operation.value if group.operation else None,
                "by": group.by.value,
            }
            for group in drawing.lines
        ],
        "repairs": [dataclasses.asdict(repair) for repair in drawing.repairs],
        "used_mm": [[round(edge, 2) for edge in box] for box in drawing.used_mm],
    }


def _drawing(body: dict[str, Any]) -> DrawingShown:
    return DrawingShown(
        writer=body["writer"],
        unit=body["unit"],
        scale_mm=body["scale_mm"],
        lines=tuple(
            LineGroup(
                **{
                    **group,
                    "drawn": Drawn(group["drawn"]),
                    "operation": OperationKind(group["operation"]) if group["operation"] else None,
                    "by": DecidedBy(group["by"]),
                }
            )
            for group in body["lines"]
        ),
        repairs=tuple(RepairShown(**repair) for repair in body["repairs"]),
        # Reports that are older than this do not have it.
        used_mm=tuple(
            (left, front, right, back) for left, front, right, back in body.get("used_mm", [])
        ),
    )


def _rounded(point: tuple[float, ...]) -> list[float]:
    return [round(value, 3) for value in point]
