"""What is looked at before a start: the machine's list, and a test cut where nobody tried it."""

from dataclasses import replace

import pytest

from fablab_hub.core.errors import ForbiddenMoveError
from jobs.report import Finding, Severity
from jobs.starting import checklist_of, require_ticked


def test_an_untried_setting_asks_for_a_test_cut(lab):
    machine = lab.settings.machines["laser"]
    job = lab.jobs.read(lab.add_job("awa"))
    usual = frozenset(item.id for item in machine.checklist)
    assert {item.id for item in checklist_of(machine, job)} == usual
    untried = Finding(rule="drawing.preset-untried", severity=Severity.ADVISE)
    doubtful = replace(job, report=replace(job.report, findings=(untried,)))
    require_ticked(machine, job, usual, "fr")
    require_ticked(machine, doubtful, usual | {"test-cut"}, "fr")
    with pytest.raises(ForbiddenMoveError) as raised:
        require_ticked(machine, doubtful, usual, "fr")
    assert raised.value.code == "job.checklist"
    assert "essai" in raised.value.fields["item"]
