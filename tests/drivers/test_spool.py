"""The agent's spool: what was written is there after a crash, and nothing is told twice over."""

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.spool import MAX_EVENTS, OpenRun, Spool
from fablab_hub.core.errors import DiskFullError
from fablab_hub.core.ids import JobId, RunId
from fablab_hub.core.messages import RunEvent, RunEventKind, encode

RUN = OpenRun(run_id=RunId("RUN1"), job_id=JobId("JOB1"))


def event(kind: RunEventKind, run: str = "RUN1") -> RunEvent:
    return RunEvent(
        spool_id="",
        seq=0,
        run_id=RunId(run),
        job_id=JobId("JOB1"),
        kind=kind,
        at="2026-11-23T09:00:00.000Z",
    )


def test_events_are_numbered_and_there_again_after_a_restart(tmp_path):
    spool = Spool(tmp_path)
    told = [spool.append(event(kind)) for kind in (RunEventKind.STARTED, RunEventKind.PAUSED)]
    again = Spool(tmp_path)
    assert [e.seq for e in told] == [1, 2]
    assert again.unacknowledged == tuple(told)
    assert again.spool_id == spool.spool_id
    assert again.open_run == RUN
    assert again.append(event(RunEventKind.DONE)).seq == 3
    assert Spool(tmp_path).open_run is None


def test_acknowledged_events_are_forgotten_but_neither_the_count_nor_the_open_run(tmp_path):
    spool = Spool(tmp_path)
    spool.append(event(RunEventKind.STARTED))
    spool.acknowledge(spool.spool_id, 1)
    again = Spool(tmp_path)
    assert again.unacknowledged == ()
    assert again.open_run == RUN
    assert again.append(event(RunEventKind.DONE)).seq == 2


def test_an_acknowledgement_of_another_log_changes_nothing(tmp_path):
    spool = Spool(tmp_path)
    spool.append(event(RunEventKind.STARTED))
    spool.acknowledge("another", 1)
    assert len(spool.unacknowledged) == 1


def test_two_new_logs_have_two_names(tmp_path):
    assert Spool(tmp_path / "a").spool_id != Spool(tmp_path / "b").spool_id


@pytest.mark.parametrize("cut", range(2, 60, 7))
def test_a_torn_last_line_is_left_out_and_the_next_event_is_whole(tmp_path, cut):
    spool = Spool(tmp_path)
    first = spool.append(event(RunEventKind.STARTED))
    spool.append(event(RunEventKind.PAUSED))
    path = tmp_path / "spool.jsonl"
    path.write_bytes(path.read_bytes()[:-cut])
    again = Spool(tmp_path)
    assert again.unacknowledged == (first,)
    done = again.append(event(RunEventKind.DONE))
    assert Spool(tmp_path).unacknowledged == (first, done)


def test_a_damaged_log_is_kept_aside_and_a_new_one_has_another_name(tmp_path):
    spool = Spool(tmp_path)
    spool.append(event(RunEventKind.STARTED))
    path = tmp_path / "spool.jsonl"
    path.write_bytes(b"\x00" * 100)
    again = Spool(tmp_path)
    assert again.spool_id != spool.spool_id
    assert again.unacknowledged == ()
    assert (tmp_path / "spool.damaged").read_bytes() == b"\x00" * 100


def test_its_size_is_bounded_and_only_pauses_are_dropped(tmp_path):
    lines = [encode(event(RunEventKind.STARTED))]
    spool = Spool(tmp_path)
    spool.append(event(RunEventKind.STARTED))
    for at in range(2, MAX_EVENTS):
        spool._note(event(RunEventKind.PAUSED if at % 2 else RunEventKind.RESUMED))
    spool._seq = MAX_EVENTS
    spool.append(event(RunEventKind.PAUSED))
    for _ in range(5):
        spool.append(event(RunEventKind.PAUSED))
    done = spool.append(event(RunEventKind.DONE))
    assert len(spool.unacknowledged) == MAX_EVENTS
    assert spool.unacknowledged[0].kind is RunEventKind.STARTED
    assert Spool(tmp_path).unacknowledged[-1] == done
    assert (tmp_path / "spool.jsonl").stat().st_size < (MAX_EVENTS + 2) * len(lines[0]) * 2


def refuse_to_sync(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)


def test_on_a_full_disk_a_run_does_not_start(tmp_path, monkeypatch):
    spool = Spool(tmp_path)
    refuse_to_sync(monkeypatch)
    with pytest.raises(DiskFullError):
        spool.append(event(RunEventKind.STARTED))
    assert spool.unacknowledged == ()
    assert spool.open_run is None
    monkeypatch.undo()
    assert spool.append(event(RunEventKind.STARTED)).seq == 1
    assert len(Spool(tmp_path).unacknowledged) == 1


def test_on_a_full_disk_what_happened_is_still_told_and_written_when_there_is_room(
    tmp_path, monkeypatch
):
    spool = Spool(tmp_path)
    spool.append(event(RunEventKind.STARTED))
    refuse_to_sync(monkeypatch)
    paused = spool.append(event(RunEventKind.PAUSED), even_unwritten=True)
    assert spool.unacknowledged[-1] == paused
    monkeypatch.undo()
    spool.append(event(RunEventKind.RESUMED))
    assert [e.seq for e in Spool(tmp_path).unacknowledged] == [1, 2, 3]


steps = st.one_of(
    st.sampled_from(list(RunEventKind)), st.integers(0, 12), st.just("restart"), st.just("crash")
)


@settings(max_examples=60, deadline=None)
@given(st.lists(steps, max_size=25))
def test_whatever_happens_numbers_only_rise_and_nothing_unheard_is_lost(tmp_path_factory, script):
    folder: Path = tmp_path_factory.mktemp("spool")
    spool = Spool(folder)
    unheard: list[RunEvent] = []
    open_run: OpenRun | None = None
    last_seq = 0
    for step in script:
        match step:
            case RunEventKind():
                written = spool.append(event(step))
                assert written.seq == last_seq + 1
                last_seq = written.seq
                unheard.append(written)
                if step is RunEventKind.STARTED:
                    open_run = RUN
                elif step.is_end:
                    open_run = None
            case int():
                spool.acknowledge(spool.spool_id, step)
                unheard = [e for e in unheard if e.seq > step]
            case "crash":
                with (folder / "spool.jsonl").open("ab") as stream:
                    stream.write(encode(event(RunEventKind.DONE))[:-5])
                spool = Spool(folder)
            case _:
                spool = Spool(folder)
        assert list(spool.unacknowledged) == unheard
        assert spool.open_run == open_run
