"""The compiled order of paths: everything once, inside first, little travel, always the same."""

import itertools
import math
import threading

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jobs.toolpath import kernel
from tests.bench.drawings import Paths, cut_drawing, paths_of, travel_mm

PLENTY = 300

pytestmark = pytest.mark.skipif(kernel.compiled_tour() is None, reason="nothing is compiled here")


def best_order(paths: Paths, kicks: int = PLENTY):
    return kernel.compiled_tour().best_order(*paths.arrays(), kicks)


def random_paths(seed: int, count: int, *, corners: int = 5, is_nested: bool = True) -> Paths:
    """Paths of one shape or of shared ones; what holds what goes by the number of the shape."""
    draw = np.random.default_rng(seed)
    is_closed = draw.random(count) < 0.6
    sizes = np.where(is_closed, draw.integers(1, corners + 1, count), 2)
    middles = np.repeat(draw.uniform(0, 100, (count, 2)), sizes, axis=0)
    shapes = max(1, int(count * draw.uniform(0.3, 1)))
    holders = [
        [s for s in range(own + 1, shapes) if is_nested and draw.random() < 0.15]
        for own in range(shapes)
    ]
    return Paths(
        points=middles + draw.normal(0, draw.choice((1, 10, 50)), middles.shape),
        first=np.concatenate(([0], np.cumsum(sizes))).astype(np.int32),
        is_closed=is_closed.astype(np.uint8),
        shape=draw.integers(0, shapes, count).astype(np.int32),
        holders=holders,
        start_mm=tuple(draw.uniform(-10, 110, 2)),
    )


def repeated(paths: Paths, times: int) -> Paths:
    """The same paths, with every vertex of a closed one there many times."""
    many = np.repeat(np.where(paths.is_closed, times, 1), np.diff(paths.first))
    sizes = np.where(paths.is_closed, times, 2)
    return Paths(
        points=np.repeat(paths.points, many, axis=0),
        first=np.concatenate(([0], np.cumsum(sizes))).astype(np.int32),
        is_closed=paths.is_closed,
        shape=paths.shape,
        holders=paths.holders,
        start_mm=paths.start_mm,
    )


def points_of(paths: Paths, path: int):
    return paths.points[paths.first[path] : paths.first[path + 1]].tolist()


def end_of(paths: Paths, path: int, begin: int):
    """Where the head is when it has followed a path."""
    return points_of(paths, path)[begin if paths.is_closed[path] else 1 - begin]


def is_in_order(paths: Paths, order) -> bool:
    place = {path: at for at, path in enumerate(order)}
    return all(
        place[one] < place[other]
        for one in place
        for other in place
        if int(paths.shape[other]) in paths.holders[paths.shape[one]]
    )


def nearest_first(paths: Paths) -> float:
    """The travel of the order that takes the nearest path next, of those that need not wait."""
    at, way = paths.start_mm, 0.0
    left = set(range(len(paths.is_closed)))
    while left:
        waiting = {holder for path in left for holder in paths.holders[paths.shape[path]]}
        far, path, begin = min(
            (math.dist(at, point), path, begin)
            for path in left
            if int(paths.shape[path]) not in waiting
            for begin, point in enumerate(points_of(paths, path))
        )
        left.remove(path)
        at, way = end_of(paths, path, begin), way + far
    return way


def shortest(paths: Paths) -> float:
    """The least travel of all orders and beginnings: every one of them is tried."""
    least = math.inf
    for order in itertools.permutations(range(len(paths.is_closed))):
        if not is_in_order(paths, order):
            continue
        ways = {paths.start_mm: 0.0}
        for path in order:
            after = {}
            for begin, point in enumerate(points_of(paths, path)):
                way = min(before + math.dist(at, point) for at, before in ways.items())
                end = tuple(end_of(paths, path, begin))
                after[end] = min(way, after.get(end, math.inf))
            ways = after
        least = min(least, *ways.values())
    return least


SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS, st.integers(0, 60), st.integers(1, 40), st.integers(0, 50))
@example(0, 0, 1, 10)
@example(0, 1, 1, 10)
@example(0, 2, 1, 10)
@example(5, 3, 40, 0)
def test_every_path_is_there_once_in_order_and_begins_at_one_of_its_points(
    seed, count, corners, kicks
):
    paths = random_paths(seed, count, corners=corners)
    order, begins = best_order(paths, kicks)
    assert order.dtype == begins.dtype == np.int32
    assert sorted(order) == list(range(count))
    sizes = np.diff(paths.first)[order]
    assert ((begins >= 0) & (begins < sizes)).all()
    assert is_in_order(paths, order.tolist())


@given(SEEDS, st.integers(1, 40), st.sampled_from([0, 20]), st.booleans())
def test_travel_is_never_longer_than_to_the_nearest_path_next(seed, count, kicks, is_nested):
    # Of at most 8 vertices all are known to the first order.
    paths = random_paths(seed, count, corners=8, is_nested=is_nested)
    assert travel_mm(paths, *best_order(paths, kicks)) <= nearest_first(paths) * (1 + 1e-9)


@settings(max_examples=40)
@given(SEEDS, st.integers(1, 6), st.booleans())
def test_a_few_paths_are_put_in_the_shortest_order(seed, count, is_nested):
    paths = random_paths(seed, count, corners=4, is_nested=is_nested)
    assert travel_mm(paths, *best_order(paths)) == pytest.approx(shortest(paths), abs=1e-9)


@settings(max_examples=20)
@given(SEEDS, st.booleans())
def test_the_search_comes_near_the_shortest_order_too(seed, is_nested):
    # Too many points to look at all orders in a moment, but the corners of each lie on one spot.
    few = random_paths(seed, 5, corners=1, is_nested=is_nested)
    many = repeated(few, 100)
    assert travel_mm(many, *best_order(many)) <= shortest(few) * 1.05 + 1e-9


@settings(max_examples=10)
@given(SEEDS, st.booleans())
def test_the_same_paths_give_the_same_order(seed, is_nested):
    paths = random_paths(seed, 200, is_nested=is_nested)
    one, other = best_order(paths), best_order(paths)
    assert one[0].tolist() == other[0].tolist()
    assert one[1].tolist() == other[1].tolist()


def test_more_kicks_shorten_the_way_of_a_real_sheet():
    for is_inside_first in (False, True):
        paths = paths_of(cut_drawing(500), is_inside_first=is_inside_first)
        none, some = (travel_mm(paths, *best_order(paths, kicks)) for kicks in (0, 5000))
        assert some < 0.97 * none


@pytest.mark.parametrize("scale", [1e-310, 1e-12, 1.0, 1e12, 1e300])
@pytest.mark.parametrize("shift", [0.0, 1.0])
def test_size_and_place_of_a_drawing_do_not_matter(scale, shift):
    paths = random_paths(1, 50)
    order, begins = best_order(paths)
    moved = Paths(
        points=(paths.points / 128 + shift) * scale,
        first=paths.first,
        is_closed=paths.is_closed,
        shape=paths.shape,
        holders=paths.holders,
        start_mm=tuple((x / 128 + shift) * scale for x in paths.start_mm),
    )
    other, other_begins = best_order(moved)
    assert sorted(other) == sorted(order)
    if scale > 1e-300:
        moved_back = Paths(
            points=moved.points / scale, first=moved.first, is_closed=moved.is_closed,
            shape=moved.shape, holders=moved.holders,
            start_mm=tuple(x / scale for x in moved.start_mm),
        )  # fmt: skip
        ways = [travel_mm(paths, order, begins), travel_mm(moved_back, other, other_begins) * 128]
        assert ways[1] == pytest.approx(ways[0], rel=0.1)


def test_coordinates_at_the_very_end_of_all_numbers_are_ordered_too():
    paths = random_paths(3, 30)
    points = np.where(paths.points > 50, 1.7e308, -1.7e308)
    arrays = (points, *paths.arrays()[1:6], -1.7e308, 1.7e308)
    order, _ = kernel.compiled_tour().best_order(*arrays, PLENTY)
    assert sorted(order) == list(range(30))


@pytest.mark.parametrize("corners", [1, 3])
def test_paths_on_one_spot_are_ordered_too(corners):
    paths = random_paths(4, 2000, corners=corners)
    arrays = (np.full_like(paths.points, 7.0), *paths.arrays()[1:6], 7.0, 7.0)
    order, _ = kernel.compiled_tour().best_order(*arrays, PLENTY)
    assert sorted(order) == list(range(2000))
    assert is_in_order(paths, order.tolist())


def test_a_raster_of_lines_is_followed_to_and_fro():
    rows = np.arange(200.0)
    left = np.stack((np.zeros(200), rows), axis=1)
    right = np.stack((np.full(200, 300.0), rows), axis=1)
    paths = Paths(
        points=np.stack((left, right), axis=1).reshape(-1, 2),
        first=np.arange(0, 401, 2, dtype=np.int32),
        is_closed=np.zeros(200, np.uint8),
        shape=np.arange(200, dtype=np.int32),
        holders=[[] for _ in range(200)],
        start_mm=(0.0, 0.0),
    )
    order, begins = best_order(paths)
    assert order.tolist() == list(range(200))
    assert begins.tolist() == [row % 2 for row in range(200)]


def test_a_frame_is_cut_last_however_near_it_is():
    drawing = cut_drawing(40)
    paths = paths_of(drawing, is_inside_first=False)
    frame = [[0.0, 0.0], [100.0, 0.0], [100.0, 100.0], [0.0, 100.0]]
    framed = Paths(
        points=np.concatenate((frame, paths.points)),
        first=np.concatenate(([0], paths.first + 4)).astype(np.int32),
        is_closed=np.concatenate(([1], paths.is_closed)).astype(np.uint8),
        shape=np.arange(41, dtype=np.int32),
        holders=[[], *([0] for _ in range(40))],
        start_mm=(0.0, 0.0),
    )
    assert best_order(framed)[0].tolist()[-1] == 0


def test_other_threads_go_on_meanwhile():
    paths = paths_of(cut_drawing(1000), is_inside_first=True)
    ended = []
    working = threading.Thread(target=lambda: ended.append(best_order(paths, 30_000)))
    working.start()
    turns = 0
    while not ended:
        turns += 1
    working.join()
    assert turns > 1000


def _good():
    return [
        np.array([[0.0, 0], [1, 0], [2, 0], [3, 0], [3, 1]]),
        np.array([0, 2, 5], np.int32),
        np.array([0, 1], np.uint8),
        np.array([0, 1], np.int32),
        np.array([0, 1, 1], np.int32),
        np.array([1], np.int32),
        0.0,
        0.0,
        5,
    ]


def test_what_the_wrong_inputs_are_made_from_is_right():
    order, _ = kernel.compiled_tour().best_order(*_good())
    assert order.tolist() == [0, 1]


INTS = np.int32


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (0, np.zeros((5, 3))),
        (0, np.zeros(10)),
        (0, np.zeros((5, 2), np.float32)),
        (0, np.zeros((4, 2))),
        (0, np.full((5, 2), np.inf)),
        (0, np.full((5, 2), np.nan)),
        (1, np.array([0, 2], INTS)),
        (1, np.array([0, 2, 4], INTS)),
        (1, np.array([1, 2, 5], INTS)),
        (1, np.array([0, 5, 5], INTS)),
        (1, np.array([0, 6, 5], INTS)),
        (1, np.array([0, 3, 5], INTS)),
        (1, np.array([0, 2, 5], np.int64)),
        (1, np.zeros(0, INTS)),
        (2, np.array([1, 0], np.uint8)),
        (2, np.array([0, 1, 1], np.uint8)),
        (2, np.array([False, True])),
        (3, np.array([0], INTS)),
        (3, np.array([0, 2], INTS)),
        (3, np.array([-1, 1], INTS)),
        (4, np.zeros(0, INTS)),
        (4, np.array([0, 0, 0], INTS)),
        (4, np.array([0, 2, 1], INTS)),
        (4, np.array([0, -1, 1], INTS)),
        (4, np.array([1, 1, 1], INTS)),
        (5, np.array([2], INTS)),
        (5, np.array([-1], INTS)),
        (5, np.array([0], INTS)),
        (6, math.nan),
        (7, math.inf),
        (8, -1),
    ],
)
def test_arrays_that_do_not_fit_are_refused(at, value):
    arrays = _good()
    arrays[at] = value
    with pytest.raises(ValueError, match=r"\w"):
        kernel.compiled_tour().best_order(*arrays)


def test_shapes_that_hold_each_other_are_refused():
    arrays = _good()
    arrays[4], arrays[5] = np.array([0, 1, 2], INTS), np.array([1, 0], INTS)
    with pytest.raises(ValueError, match="hold each other"):
        kernel.compiled_tour().best_order(*arrays)


def test_the_switch_takes_the_kernel_away(monkeypatch):
    monkeypatch.setenv(kernel.SWITCH, "python")
    assert kernel.compiled_tour() is None
