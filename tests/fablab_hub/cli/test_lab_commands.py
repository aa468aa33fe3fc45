"""The commands that look after a lab: people, journal, backup, restore, doctor, export."""

import json
import re
import sqlite3
import tarfile

import pytest

from fablab_hub.cli.main import COMMANDS
from fablab_hub.cli.seed import LOGINS


def test_the_demo_prints_who_can_sign_in(run, lab):
    done = run("demo", "--seed-only", "--data", lab)
    for login in LOGINS:
        assert login.name in done.stdout
        assert login.pin in done.stdout


def test_a_second_seeding_changes_nothing(run, lab):
    before = run("journal", "list", "--data", lab, "--json").stdout
    run("demo", "--seed-only", "--data", lab)
    assert run("journal", "list", "--data", lab, "--json").stdout == before


def test_people_are_listed_with_what_they_have(run, lab):
    rows = json.loads(run("people", "--data", lab, "--json").stdout)
    assert {row["name"] for row in rows} == {login.name for login in LOGINS}
    assert all(set(row) == {"id", "name", "role", "fabrications", "badges"} for row in rows)
    (lea,) = [row for row in rows if row["name"] == "Léa Le Goff"]
    assert (lea["role"], lea["fabrications"], lea["badges"]) == ("trainee", 0, 1)
    assert "Léa Le Goff (trainee)" in run("people", "--data", lab).stdout


def test_the_first_person_of_a_new_lab_comes_in_from_the_command_line(run, tmp_path):
    data = tmp_path / "lab"
    add = ("people", "add", "Nolwenn Cadiou", "--role", "admin", "--machine", "laser")
    done = run(*add, "--data", data, typed="952740\n")
    assert done.returncode == 0, done.stderr
    (row,) = json.loads(run("people", "--data", data, "--json").stdout)
    assert (row["name"], row["role"], row["badges"]) == ("Nolwenn Cadiou", "admin", 1)
    again = run(*add, "--data", data, typed="952740\n")
    assert again.returncode == 2
    assert "already" in again.stderr
    weak = run("people", "add", "Léa", "--pin", "123456", "--data", data)
    assert weak.returncode == 2
    assert "too easy" in weak.stderr


def test_the_journal_is_whole_and_a_change_is_found(run, lab):
    done = run("journal", "verify", "--data", lab)
    assert done.returncode == 0
    assert re.search(r"whole: \d+ lines", done.stdout)
    with sqlite3.connect(lab / "hub.db") as intruder:
        intruder.execute("DROP TRIGGER journal_is_never_changed")
        intruder.execute("UPDATE journal SET actor = 'person:x' WHERE seq = 5")
    intruder.close()
    done = run("journal", "verify", "--data", lab)
    assert done.returncode == 2
    assert "line 5" in done.stderr


def test_a_lab_comes_back_whole_from_its_backup(run, lab, tmp_path):
    archive = tmp_path / "lundi.tar"
    assert run("backup", "--data", lab, archive).returncode == 0
    done = run("restore", "--data", tmp_path / "new", archive)
    assert done.returncode == 0, done.stderr
    assert (
        run("people", "--data", tmp_path / "new", "--json").stdout
        == run("people", "--data", lab, "--json").stdout
    )
    assert {p.name for p in (tmp_path / "new" / "blobs").rglob("*")} == {
        p.name for p in (lab / "blobs").rglob("*")
    }


def test_restoring_never_overwrites_a_lab(run, lab, tmp_path):
    archive = tmp_path / "lundi.tar"
    run("backup", "--data", lab, archive)
    done = run("restore", "--data", lab, archive)
    assert done.returncode == 2
    assert "Nothing was changed." in done.stderr


def test_a_damaged_backup_is_refused_and_leaves_nothing(run, lab, tmp_path):
    archive = tmp_path / "lundi.tar"
    run("backup", "--data", lab, archive)
    whole = archive.read_bytes()
    archive.write_bytes(whole[: len(whole) // 2])
    done = run("restore", "--data", tmp_path / "new", archive)
    assert done.returncode == 2
    assert not (tmp_path / "new").exists()


def test_a_backup_without_one_of_its_files_is_refused(run, lab, tmp_path):
    archive, thinner = tmp_path / "lundi.tar", tmp_path / "mince.tar"
    run("backup", "--data", lab, archive)
    with tarfile.open(archive) as full, tarfile.open(thinner, "w") as thin:
        members = full.getmembers()
        lost = next(m for m in members if re.fullmatch(r"blobs/../[0-9a-f]{64}", m.name))
        for member in members:
            if member is not lost:
                thin.addfile(member, full.extractfile(member) if member.isfile() else None)
    done = run("restore", "--data", tmp_path / "new", thinner)
    assert done.returncode == 2
    assert "missing" in done.stderr


def test_a_portfolio_is_exported_by_name(run, lab, tmp_path):
    done = run("export", "Léa Le Goff", "--data", lab, "-o", tmp_path / "lea.pdf")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "lea.pdf").read_bytes().startswith(b"%PDF")
    assert run("export", "Personne", "--data", lab, "-o", tmp_path / "x.pdf").returncode == 2


def test_the_doctor_says_what_is_wrong(run, lab):
    done = run("doctor", "--data", lab, "--json")
    signs = {sign["what"]: sign for sign in json.loads(done.stdout)}
    assert signs["Database and journal"]["is_well"]
    assert signs["Picture of Laser camera"]["is_well"]
    assert not signs["Port of Laser"]["is_well"], "no board is played here"
    assert done.returncode == 1


def test_a_folder_without_a_lab_is_named(run, tmp_path):
    for command in (("people",), ("journal", "verify"), ("backup", tmp_path / "x.tar")):
        done = run(*command, "--data", tmp_path / "nothing")
        assert done.returncode == 2
        assert "no lab" in done.stderr


def test_a_lab_of_a_newer_version_is_left_untouched(run, lab):
    with sqlite3.connect(lab / "hub.db") as newer:
        newer.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('fablab_hub', 'from_the_future', '2030')"
        )
    newer.close()
    done = run("people", "--data", lab)
    assert done.returncode == 2
    assert "newer version" in done.stderr


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help_with_an_example(run, command):
    done = run(command, "--help")
    assert done.returncode == 0
    hidden = ("check-worker", "camera-worker", "simulate")
    assert command in hidden or f"fablab-hub {command}" in done.stdout
