"""The steps of the schema, and what each of them is written with."""

import sqlite3

from sqlite_utils import Database as Tables
from sqlite_utils import Migrations

STEPS = Migrations("fablab_hub")


def run(tables: Tables, statements: str) -> None:
    """Run statements one by one; `executescript` would end the migration's transaction."""
    statement = ""
    for line in statements.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement) and statement.strip():
            tables.conn.execute(statement)
            statement = ""
