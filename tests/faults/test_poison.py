"""One subscription of a batch always raises (fault 45): the others are charged, and staff see the one."""

import pytest

from subscriptions.actions.collect import collect, due_in_batches
from subscriptions.models import Payment, WorkItem
from tests.faults.actors import later
from tests.faults.books import assert_books_are_right
from tests.faults.test_database import session

pytestmark = pytest.mark.django_db(transaction=True)

POISON = """
CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'a row that is damaged'; END $$;
CREATE TRIGGER poison BEFORE INSERT ON subscriptions_payment FOR EACH ROW WHEN (NEW.subscription_id = {})
EXECUTE FUNCTION poison();
"""
ANTIDOTE = "DROP TRIGGER poison ON subscriptions_payment; DROP FUNCTION poison();"


def test_F45_a_row_that_always_raises_stops_no_other_of_its_batch_and_is_work_once(order, market, bank, today, caplog):
    poisoned, *others = order(30)
    with session() as other:
        other.execute(POISON.format(poisoned.pk))
        other.commit()
        try:
            for minutes in (0, 90):
                now = later(today, minutes)
                [batch] = due_in_batches(market=market, now=now)
                collect(market=market, subscription_ids=batch, now=now, gateway=bank.gateway, calls_at_once=4)
        finally:
            other.execute(ANTIDOTE)
            other.commit()
    assert "a row that is damaged" in caplog.text
    assert len(bank.charged()) == len(others)
    item = WorkItem.objects.get()
    assert (item.kind, item.subject) == ("charge_not_begun", str(poisoned.public_id))
    collect(market=market, subscription_ids=[poisoned.pk], now=later(today, 180), gateway=bank.gateway)
    assert Payment.objects.filter(status="succeeded").count() == 30
    assert_books_are_right(bank, now=later(today, 180))
