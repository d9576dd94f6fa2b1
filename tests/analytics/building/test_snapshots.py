import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from analytics.build.report import Outcome
from analytics.build.snapshots import KEPT, NothingToRollBack, SnapshotFolder
from analytics.sources.warehouse import WORDS, WarehouseFollower
from tests.analytics.building.amazon_rows import review, write_reviews

AMAZON = "amazon_reviews_csv"
ROOT = Path(__file__).parents[3]


def reviews(tmp_path, rows):
    return write_reviews(tmp_path / "reviews.csv", [review(n) for n in range(rows)])


@pytest.mark.slow  # whole builds in processes that are killed
def test_a_build_killed_at_any_point_leaves_a_whole_snapshot_serving(run_build, tmp_path):
    first = run_build((AMAZON, reviews(tmp_path, 10)))
    file = reviews(tmp_path, 20)
    points = 12
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.analytics.building.killed_builds",
            tmp_path / "home",
            file,
            str(points),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    endings = json.loads(done.stdout)
    assert [ended for ended, _ in endings[:11]] == [signal.SIGKILL] * 11
    pointers = [pointer for _, pointer in endings]
    assert pointers[:8] == [f"{first.build_id}.duckdb"] * 8
    assert pointers[-1] != pointers[0]
    warehouse = WarehouseFollower(tmp_path / "home").current()
    assert warehouse.execute("SELECT count(*) AS n FROM reviews").to_pylist() == [{"n": 20}]


@pytest.mark.slow  # whole builds in processes that are killed
@pytest.mark.parametrize("point", [7, 9])
def test_the_pointer_stays_and_the_next_build_clears_the_leftovers(run_build, tmp_path, point):
    first = run_build((AMAZON, reviews(tmp_path, 10)))
    file = reviews(tmp_path, 20)
    code = (
        "import sys; from pathlib import Path; from tests.analytics.building.killed_builds import run; "
        "run(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "home", file, str(point)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL
    warehouse = WarehouseFollower(tmp_path / "home").current()
    assert warehouse.snapshot == first.build_id
    assert warehouse.execute("SELECT count(*) AS n FROM reviews").to_pylist() == [{"n": 10}]
    again = run_build((AMAZON, file))
    assert again.outcome in {Outcome.BUILT, Outcome.REPUBLISHED}
    assert list((tmp_path / "home/warehouse/.work").iterdir()) == []
    now = WarehouseFollower(tmp_path / "home").current()
    assert now.execute("SELECT count(*) AS n FROM reviews").to_pylist() == [{"n": 20}]


def test_readers_never_see_anything_but_whole_snapshots(run_build, tmp_path):
    files = []
    for rows in (10, 20):
        folder = tmp_path / str(rows)
        folder.mkdir()
        files.append(reviews(folder, rows))
    run_build((AMAZON, files[0]))
    follower, stop, seen, errors = (
        WarehouseFollower(tmp_path / "home"),
        threading.Event(),
        set(),
        [],
    )

    def read() -> None:
        while not stop.is_set():
            try:
                table = follower.current().execute("SELECT count(*) AS n FROM reviews")
                seen.add(table["n"][0].as_py())
            except Exception as error:
                errors.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for turn in range(6):
        run_build((AMAZON, files[(turn + 1) % 2]))
    stop.set()
    for reader in readers:
        reader.join()
    assert errors == []
    assert seen == {10, 20}


def test_rollback_goes_one_back_and_building_again_goes_forward(run_build, tmp_path):
    folder = SnapshotFolder(tmp_path / "home/warehouse")
    ids = [run_build((AMAZON, reviews(tmp_path, rows))).build_id for rows in (10, 20, 30)]
    with folder.locked(print):
        assert folder.roll_back() == ids[1]
        assert folder.current() == ids[1]
        assert folder.roll_back() == ids[0]
        with pytest.raises(NothingToRollBack):
            folder.roll_back()
    again = run_build((AMAZON, tmp_path / "reviews.csv"))
    assert (again.outcome, again.build_id) == (Outcome.REPUBLISHED, ids[2])
    assert folder.current() == ids[2]


def test_the_last_few_snapshots_are_kept(run_build, tmp_path):
    ids = [run_build((AMAZON, reviews(tmp_path, rows))).build_id for rows in (1, 2, 3, 4, 5)]
    folder = SnapshotFolder(tmp_path / "home/warehouse")
    assert folder.history() == list(reversed(ids))[:KEPT]
    assert folder.current() == ids[-1]


def test_a_second_build_says_that_it_waits(tmp_path):
    folder = SnapshotFolder(tmp_path / "warehouse")
    folder.path.mkdir()
    said: list[str] = []
    entered = threading.Event()

    def second() -> None:
        with folder.locked(said.append):
            entered.set()

    with (folder.path / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        thread = threading.Thread(target=second)
        thread.start()
        assert not entered.wait(0.3)
    thread.join(5)
    assert entered.is_set()
    assert said == ["Another build is running; waiting for it"]


def with_words(folder, build_id):
    """A snapshot and its index, as a build leaves them in the work folder."""
    built = folder.work / f"{build_id}.duckdb"
    built.write_bytes(b"x")
    words = built.with_suffix(WORDS)
    words.mkdir()
    (words / "ids").write_text(build_id)
    return built


def test_the_index_of_words_is_published_before_its_snapshot_and_goes_with_it(tmp_path):
    folder = SnapshotFolder(tmp_path / "warehouse")
    with folder.locked(lambda _: None):
        for n in range(KEPT + 2):
            folder.publish(with_words(folder, f"b{n}"), f"b{n}")
            assert (folder.words(f"b{n}") / "ids").read_text() == f"b{n}"
            os.utime(folder.file(f"b{n}"), ns=(n, n))
    kept = {path.stem for path in folder.path.glob(f"*{WORDS}")}
    assert kept == {path.stem for path in folder.path.glob("*.duckdb")}


def test_killed_between_index_and_snapshot_the_old_one_serves_with_its_own(tmp_path, monkeypatch):
    folder = SnapshotFolder(tmp_path / "warehouse")
    with folder.locked(lambda _: None):
        folder.publish(with_words(folder, "old"), "old")
    with folder.locked(lambda _: None):
        built = with_words(folder, "new")
        monkeypatch.setattr("analytics.build.snapshots._sync", _killed)
        with pytest.raises(KeyboardInterrupt):
            folder.publish(built, "new")
    assert folder.current() == "old"
    assert (folder.words("old") / "ids").read_text() == "old"
    assert not folder.file("new").exists()


def _killed(_):
    raise KeyboardInterrupt
