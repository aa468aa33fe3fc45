"""Each repair mends its own fault, says where, and moves nothing else."""

import ezdxf
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from fablab_hub.cli.drawing_options import REPAIRS as TERMINAL
from fablab_hub.core.materials import OperationKind
from fablab_hub.core.settings import CheckSettings
from jobs.check import check_file
from jobs.checks.rules import RULES
from jobs.geometry.path import points_of
from jobs.picture_repair import spot_pictures
from jobs.repairs.repair import Bench
from jobs.repairs.table import BY_ID, REPAIRS
from jobs.report import Verdict
from jobs.toolpath.operations import Operation
from tests.jobs.toolpath.conftest import circle, lab, laser, line, plywood, square  # noqa: F401

CUT, ENGRAVE = OperationKind.CUT, OperationKind.ENGRAVE
PLATE = square(0, 0, 100)
SPECKLED = line(*((x / 100, 0.0) for x in range(3000)))


def _cuts(*paths):
    return [Operation(CUT, path) for path in paths]


FAULTS = {
    "strays": (_cuts(PLATE, circle(50, 50, 9), circle(400, 400, 1)), 1),
    "once": (_cuts(PLATE, circle(50, 50, 9), line((20, 0), (80, 0))), 1),
    "gaps": (_cuts(circle(50, 50, 9), line((0, 0), (90, 0), (90, 50), (0, 50), (0, 0.6))), 1),
    "tiny": (_cuts(PLATE, circle(50, 50, 0.4)), 1),
    "simpler": (_cuts(square(200, 0, 20), SPECKLED), None),
}


def _cover(operations):
    return shapely.unary_union(
        [shapely.LineString(points_of(each.path, 0.005)) for each in operations]
    )


@pytest.mark.parametrize("repair", REPAIRS, ids=lambda repair: repair.id)
def test_a_repair_changes_its_own_fault_and_nothing_else(repair):
    operations, count = FAULTS[repair.id]
    mended = repair.act(operations, Bench())
    assert mended.count == count or count is None
    assert mended.count > 0
    untouched = operations[0]
    assert untouched in mended.operations, "what has no fault is the very same"
    before, after = _cover(operations), _cover(mended.operations)
    gone = _cover(mended.gone) if mended.gone else shapely.Point()
    added = _cover(mended.added) if mended.added else shapely.Point()
    assert after.difference(before.buffer(0.05)).difference(added.buffer(0.05)).length < 0.01
    assert before.difference(after.buffer(0.05)).difference(gone.buffer(0.05)).length < 0.01


@pytest.mark.parametrize("repair", REPAIRS, ids=lambda repair: repair.id)
def test_a_repair_has_nothing_to_do_a_second_time(repair):
    mended = repair.act(FAULTS[repair.id][0], Bench())
    assert repair.act(mended.operations, Bench()).count == 0


@pytest.mark.parametrize("repair", REPAIRS, ids=lambda repair: repair.id)
def test_a_clean_drawing_stays_as_it_is(repair):
    operations = [*_cuts(PLATE, circle(50, 50, 9)), Operation(ENGRAVE, line((9, 9), (30, 9)))]
    mended = repair.act(operations, Bench())
    assert (mended.count, list(mended.operations)) == (0, operations)


@pytest.mark.parametrize("repair", REPAIRS, ids=lambda repair: repair.id)
def test_a_repair_is_shown_before_and_after(repair):
    operations, _ = FAULTS[repair.id]
    before, after = spot_pictures(operations, repair.act(operations, Bench()), None)
    assert before != after
    for picture in (before, after):
        assert picture.startswith("<svg ")
        assert len(picture) < 40_000
        assert "script" not in picture


def test_every_repair_settles_rules_that_exist():
    assert BY_ID.keys() == FAULTS.keys() == set(TERMINAL)
    assert all(rule in RULES for repair in REPAIRS for rule in repair.rules)


def _faulty(space, fault):
    space.add_lwpolyline([(0, 0), (100, 0), (100, 60), (0, 60)], close=True)
    match fault:
        case "strays":
            space.add_circle((500, 300), 2)
        case "once":
            space.add_line((0, 0), (100, 0))
            space.add_line((20, 60), (70, 60))
        case "gaps":
            space.add_lwpolyline([(20, 20), (40, 20), (40, 40), (20, 40), (20, 20.5)])
        case "tiny":
            space.add_circle((50, 30), 0.4)
        case "simpler":
            space.add_lwpolyline([(10 + x / 100, 10) for x in range(3000)])


@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_with_one_fault_is_clean_after_one_press(laser, plywood, tmp_path, fault):  # noqa: F811
    document = ezdxf.new(units=4)
    _faulty(document.modelspace(), fault)
    path = tmp_path / "part.dxf"
    document.saveas(path)

    def check(**options):
        folder = tmp_path / f"out-{len(options)}"
        folder.mkdir()
        done = check_file(path, path.name, laser, plywood, folder, CheckSettings(), options)
        return done.report

    first = check()
    offered = [repair.id for repair in first.drawing.repairs if not repair.is_done]
    assert offered == [fault]
    settled = set(BY_ID[fault].rules) & {finding.rule for finding in first.findings}
    again = check(repairs=[fault])
    assert settled
    assert not settled & {finding.rule for finding in again.findings}
    assert again.verdict is Verdict.ACCEPTED
    (done,) = again.drawing.repairs
    assert done.is_done
    assert done.count > 0


@given(
    st.lists(
        st.tuples(st.floats(0, 200), st.floats(0, 200), st.floats(0.2, 50)), min_size=1, max_size=6
    )
)
def test_repairs_never_lose_what_they_do_not_name(shapes):
    operations = _cuts(*(square(*shape) for shape in shapes))
    for repair in REPAIRS:
        mended = repair.act(operations, Bench())
        before = _cover(operations).difference(_cover([*mended.gone, *mended.added]).buffer(0.05))
        assert before.difference(_cover(mended.operations).buffer(0.05)).length < 0.05
