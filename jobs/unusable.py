"""The report of a file that could not be read: refused, with the error as its one finding."""

from pathlib import Path

from fablab_hub.core.blob import blob_of
from fablab_hub.core.errors import FablabError
from jobs.drawing_kind import kind_of_name
from jobs.report import CheckedFile, Facts, FileKind, Finding, Report, Severity, Verdict


def unusable_report(path: Path, name: str, error: FablabError) -> Report:
    """Make the report that says why a file is of no use."""
    blob = blob_of(path)
    return Report(
        file=CheckedFile(
            name=name,
            sha256=blob.sha256,
            bytes=blob.bytes,
            kind=kind_of_name(name) or FileKind.GCODE,
            dialect="unknown",
        ),
        verdict=Verdict.REFUSED,
        findings=(Finding(rule=error.code, severity=Severity.REFUSE, facts=error.fields),),
        facts=Facts(),
    )
