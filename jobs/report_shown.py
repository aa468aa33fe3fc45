"""A report as people and programs outside see it: with sentences, in the reader's language."""

from typing import Any

from jobs.checks.rules import describe_finding
from jobs.report import Report
from jobs.report_json import finding_to_json, report_to_stored


def report_to_json(report: Report, language: str) -> dict[str, Any]:
    """Write the report of `fablab-hub check --json` and of the API."""
    body = report_to_stored(report)
    del body["program"]["marks"]  # of use to a machine's agent only
    body["findings"] = [
        {
            **finding_to_json(finding),
            "message": describe_finding(finding, language).message,
            "remedy": describe_finding(finding, language).remedy,
        }
        for finding in report.findings
    ]
    return body
