"""The sandbox's memory: all of a transaction or nothing."""

import sqlite3

import pytest

from subscriptions.gateway.sandbox import state


def run(memory, *statements):
    with memory.transaction() as db:
        return [db.execute(statement).fetchall() for statement in statements]


def test_a_transaction_that_fails_leaves_nothing_and_lets_the_next_one_in(state_file):
    memory = state.State(state_file)
    with pytest.raises(sqlite3.OperationalError):
        run(memory, "INSERT INTO secrets VALUES ('half', x'00')", "no SQL")
    assert run(memory, "SELECT * FROM secrets") == [[]]
    memory.close()


def test_a_secret_is_made_once_and_outlives_the_process(state_file):
    secrets = []
    for _ in range(2):
        memory = state.State(state_file)
        with memory.transaction() as db:
            secrets += [state.secret(db, "fingerprint"), state.secret(db, "fingerprint"), state.secret(db, "other")]
        memory.close()
    assert len(secrets[0]) == 32
    assert len(set(secrets)) == 2


def test_the_database_refuses_to_refund_more_than_was_paid(state_file):
    memory = state.State(state_file)
    charge = "INSERT INTO charges VALUES (1, 'charge', 'key', 'card', 100, 'EUR', '', 101, '')"
    with pytest.raises(sqlite3.IntegrityError, match="refunded_cents"):
        run(memory, "PRAGMA defer_foreign_keys = ON", charge)
    memory.close()
