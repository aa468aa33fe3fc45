"""Whoever has nobody left to help them from the pages comes in again from the command line."""

import json
import re
import sqlite3

from fablab_hub.core.hashes import hash_secret


def test_the_only_administrator_comes_in_again(run, lab):
    (malo,) = [
        row
        for row in json.loads(run("people", "--data", lab, "--json").stdout)
        if row["name"] == "Malo Quéré"
    ]
    with sqlite3.connect(lab / "hub.db") as database:
        database.execute(
            "INSERT INTO passphrases VALUES (?, ?, '2026')", (malo["id"], hash_secret("forgotten"))
        )
    database.close()

    done = run("people", "let-in", "Malo Quéré", "--data", lab)

    assert done.returncode == 0, done.stderr
    pin = re.search(r"this PIN: (\d{6})\.", done.stdout)
    assert pin
    with sqlite3.connect(lab / "hub.db") as database:
        assert list(database.execute("SELECT * FROM passphrases")) == []
        lines = list(database.execute("SELECT actor, verb, data FROM journal ORDER BY seq"))
    database.close()
    assert [line[:2] for line in lines[-2:]] == [("hub", "passphrase.reset"), ("hub", "pin.give")]
    assert pin[1] not in str(lines)


def test_an_unknown_name_is_said(run, lab):
    done = run("people", "let-in", "Personne", "--data", lab)

    assert done.returncode == 2
    assert "Personne" in done.stderr
