"""The ledger check: clean where all is well, and each kind of damage named by its rule and its row."""

from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import BillingProfile
from subscriptions import tasks
from subscriptions.actions.cancel import cancel
from subscriptions.actions.control import object_to, request_control
from subscriptions.actions.correct import correct_document, correction_quote
from subscriptions.actions.discontinue import discontinue_package
from subscriptions.actions.price_answer import accept_price, shown
from subscriptions.actions.price_change import announce_price
from subscriptions.actions.refund import send_refund
from subscriptions.actions.run import charging_run
from subscriptions.ledger.check import CHECKS, check_ledger
from subscriptions.models import Document, Payment, PaymentCard, Refund, Subscription, TakenOver, WorkItem
from subscriptions.rehearsal.play import Clock
from subscriptions.rules.periods import paid_period
from tests import make
from tests.clean_ledger import latest
from tests.standing import gateway_like, standing


@pytest.fixture(scope="module")
def _standing_town(django_db_setup, django_db_blocker):
    clock = Clock()
    clock.now = make.NOW
    with standing(django_db_blocker), gateway_like(None, clock=clock) as gateway:
        yield town_of(make.market(), gateway=gateway), gateway


def town_of(market, *, gateway):
    """A subscription paid and cancelled, with invoice, refund and credit note, and two trials (`trial`, `late`)."""
    owner = make.account("owner@example.com", market=market)
    car = make.active_car(owner)
    make.card(owner, gateway=gateway)
    digital_key = make.package("digital-key", market=market, prices={"monthly": "5.00", "yearly": "60.00"})
    navigation = make.package("navigation", market=market, gives_trial=True)
    wifi = make.package("wifi", market=market, prices={"monthly": "5.00"}, gives_trial=True)
    paid = make.subscription(car, package=digital_key, gateway=gateway)
    trial = make.subscription(car, package=navigation, term="monthly", gateway=gateway)
    cancel(subscription=paid, confirmed=None, now=make.NOW, by=owner)
    refund = Refund.objects.get()
    send_refund(refund_id=refund.pk, now=make.NOW, gateway=gateway)
    late = make.subscription(car, package=wifi, term="monthly", gateway=gateway)
    invoice, note = Document.objects.order_by("-kind")
    rows = {"market": market, "owner": owner, "car": car, "paid": paid, "trial": trial, "late": late}
    return rows | {"payment": Payment.objects.get(), "refund": Refund.objects.get(), "invoice": invoice, "note": note}


@pytest.fixture
def town(_standing_town, db):
    return deepcopy(_standing_town[0])


@pytest.fixture
def market(town):
    return town["market"]


@pytest.fixture
def owner(town):
    return town["owner"]


@pytest.fixture
def car(town):
    return town["car"]


@pytest.fixture
def gateway(_standing_town, clock):
    with gateway_like(_standing_town[1], clock=clock) as gateway:
        yield gateway


def damage(statement: str) -> None:
    """As a hand in the database would do it: triggers and foreign keys asleep, the other constraints gone."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, name in _constraints(cursor):
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name in _unique_indexes(cursor):
            cursor.execute(f'DROP INDEX "{name}"')
        cursor.execute(statement)
        assert cursor.rowcount > 0


def _constraints(cursor):
    cursor.execute(
        "SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype IN ('c', 'u')"
        " AND conrelid::regclass::text LIKE 'subscriptions_%'"
    )
    return cursor.fetchall()


def _unique_indexes(cursor):
    cursor.execute(
        "SELECT indexname FROM pg_indexes WHERE tablename LIKE 'subscriptions_%'"
        " AND indexdef LIKE 'CREATE UNIQUE INDEX%' AND indexname NOT LIKE '%_pkey'"
    )
    return [name for (name,) in cursor.fetchall()]


def copy_of(table: str, row, **changed: str) -> str:
    """A second row like this one, in SQL."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
        columns = [name for (name,) in cursor.fetchall() if name != "id"]
    changed |= {"public_id": "gen_random_uuid()"} if "public_id" in columns else {}
    values = ", ".join(changed.get(name, f'"{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE id = {row.pk}"


def found() -> dict[str, set[str]]:
    """The rows that do not agree, by check."""
    by_check: dict[str, set[str]] = {}
    for finding in check_ledger(now=latest()):
        by_check.setdefault(finding.check, set()).add(finding.subject)
    return by_check


def test_a_town_where_all_is_well_is_clean(town):
    assert found() == {}


P, S, D, R = (f"subscriptions_{name}" for name in ("payment", "subscription", "document", "refund"))
# What was done, and which check must name which row for it.
DAMAGES = [
    (f"DELETE FROM {D} WHERE kind = 'invoice'", "payment_invoiced", "payment"),
    (f"UPDATE {D} SET gross = 61, net = 45 WHERE kind = 'invoice'", "payment_invoiced", "payment"),
    (f"UPDATE {P} SET charge_ref = ''", "payment_settled", "payment"),
    (f"UPDATE {P} SET settled_at = NULL", "payment_settled", "payment"),
    (f"UPDATE {P} SET amount = 61", "payment_as_agreed", "payment"),
    (f"UPDATE {P} SET account_id = account_id + 1000", "payment_as_agreed", "payment"),
    (f"UPDATE {P} SET period_to = period_to + 1", "period_dates", "payment"),
    (f"UPDATE {P} SET period_from = period_from - 1", "period_dates", "payment"),
    (f"UPDATE {S} SET periods_paid = 2 WHERE status = 'ended'", "periods_paid", "paid"),
    (f"UPDATE {P} SET period_index = 1", "periods_paid", "paid"),
    (f"UPDATE {P} SET started_at = started_at + interval '1 day'", "attempt_after_end", "payment"),
    (f"UPDATE {P} SET settled_at = settled_at + interval '1 day', refunded = 1", "attempt_after_end", "payment"),
    (f"UPDATE {P} SET status = 'unknown', started_at = started_at - interval '25 h'", "payment_open_long", "payment"),
    (f"UPDATE {P} SET refunded = 59", "refunds_add_up", "payment"),
    (f"DELETE FROM {R}", "refunds_add_up", "payment"),
    (
        "INSERT INTO accounts_closing (account_id, closed_at, mail_to)"
        f" SELECT DISTINCT account_id, now(), 'owner@example.com' FROM {P}",
        "closed_has_nothing",
        "owner",
    ),
    (f"UPDATE {R} SET refund_ref = ''", "refund_of_payment", "refund"),
    (f"UPDATE {R} SET currency = 'GBP'", "refund_of_payment", "refund"),
    (
        "INSERT INTO garage_factcorrection (vehicle_id, fact, registry_said, value, evidence, by_id, at)"
        " SELECT v.id, 'model', 'RX', 'UX', 'case', m.account_id, now() FROM garage_vehicle v"
        " JOIN garage_membership m ON m.vehicle_id = v.id",
        "correction_overtaken",
        "vin",
    ),
    (f"UPDATE {R} SET basis = 'wrong_charge'", "given_back_by_staff", "payment"),
    (f"UPDATE {S} SET given_back = 1 WHERE status = 'trial'", "given_back_of_period", "trial"),
    (f"UPDATE {R} SET status = 'rejected'", "refund_on_work_list", "refund"),
    (
        "INSERT INTO subscriptions_workitem (kind, subject, text, opened_at)"
        f" SELECT 'refund_rejected', public_id, '', now() FROM {R}",
        "refund_on_work_list",
        "refund",
    ),
    (
        "INSERT INTO subscriptions_workitem (kind, subject, payment_id, text, opened_at)"
        f" SELECT 'dispute_opened', public_id, id, '', now() FROM {P}",
        "dispute_on_work_list",
        "payment",
    ),
    (
        "INSERT INTO subscriptions_dispute (public_id, payment_id, dispute_ref, amount, state, opened_at)"
        f" SELECT gen_random_uuid(), id, 'dp_1', 1, 'opened', now() FROM {P}",
        "dispute_on_work_list",
        "payment",
    ),
    (f"UPDATE {R} SET channel = 'transfer'", "transfer_by_two", "refund"),
    (
        "INSERT INTO subscriptions_banktransfer"
        " (refund_id, reference, proposed_by_id, proposed_at, confirmed_by_id, confirmed_at)"
        f" SELECT id, 'SEPA', account_id, now(), account_id + 1, now() FROM {R}",
        "transfer_by_two",
        "refund",
    ),
    (f"UPDATE {P} SET status = 'declined'", "document_of_payment", "invoice"),
    (f"UPDATE {D} SET account_id = account_id + 1000 WHERE kind = 'credit_note'", "document_of_payment", "note"),
    (f"UPDATE {D} SET net = net + 0.01, vat = vat - 0.01 WHERE kind = 'invoice'", "document_vat", "invoice"),
    (f"UPDATE {D} SET vat = vat + 0.01 WHERE kind = 'credit_note'", "document_vat", "note"),
    (f"UPDATE {D} SET vat_rate = 5, net = 57.14, vat = 2.86 WHERE kind = 'invoice'", "document_vat", "invoice"),
    (f"UPDATE {D} SET sequence = 2 WHERE kind = 'invoice'", "numbers_without_gap", "invoice"),
    (f"UPDATE {D} SET sequence = 2 WHERE kind = 'invoice'", "number_as_printed", "invoice"),
    ("UPDATE portal_legalentity SET series = 'X'", "number_as_printed", "invoice"),
    (f"UPDATE {D} SET issued_on = issued_on + 1 WHERE kind = 'credit_note'", "number_as_printed", "note"),
    (f"DELETE FROM {D} WHERE kind = 'credit_note'", "refund_documented", "refund"),
    (f"UPDATE {D} SET gross = 10 WHERE kind = 'credit_note'", "refund_documented", "refund"),
    (f"UPDATE {D} SET corrects_id = id WHERE kind = 'credit_note'", "refund_documented", "refund"),
    (f"UPDATE {R} SET status = 'rejected'", "refund_documented", "refund"),
    (f"UPDATE {D} SET gross = 60.01 WHERE kind = 'credit_note'", "credit_within_invoice", "invoice"),
    (f"UPDATE {S} SET next_charge_on = next_charge_on + 1 WHERE status = 'trial'", "next_charge", "trial"),
    (f"UPDATE {S} SET next_charge_on = '2026-07-10' WHERE status = 'ended'", "next_charge", "paid"),
    (f"UPDATE {S} SET next_try_on = NULL WHERE status = 'trial'", "next_try", "trial"),
    (f"UPDATE {S} SET next_try_on = '2026-07-10' WHERE status = 'ended'", "next_try", "paid"),
    (f"UPDATE {S} SET tries_used = 4 WHERE status = 'ended'", "tries_used", "paid"),
    (f"UPDATE {S} SET tries_used = 1 WHERE status = 'trial'", "tries_used", "trial"),
    (f"UPDATE {S} SET status = 'past_due' WHERE status = 'trial'", "tries_used", "trial"),
    (f"UPDATE {S} SET status = 'paid' WHERE status = 'trial'", "state_and_cover", "trial"),
    (f"UPDATE {S} SET status = 'scheduled' WHERE status = 'trial'", "state_and_cover", "trial"),
    (f"UPDATE {P} SET started_at = started_at - interval '1 day'", "nothing_before_start", "payment"),
    (f"UPDATE {S} SET ends_on = '2027-01-01' WHERE status = 'trial'", "state_and_cover", "trial"),
    (f"UPDATE {S} SET activated_on = '2026-01-10' WHERE status = 'trial'", "state_and_cover", "trial"),
    (f"UPDATE {S} SET ended_at = NULL WHERE status = 'ended'", "ended_whole", "paid"),
    (f"UPDATE {S} SET ends_on = ends_on + 1 WHERE status = 'ended'", "ended_whole", "paid"),
    (f"UPDATE {S} SET end_reason = 'cancelled' WHERE status = 'trial'", "ended_whole", "trial"),
    (f"UPDATE {S} SET status = 'pending' WHERE status = 'trial'", "pending_is_being_paid", "trial"),
    ("DELETE FROM subscriptions_trialuse", "trial_used_once", "trial"),
    (f"UPDATE {S} SET trial_months = 1 WHERE status = 'ended'", "trial_used_once", "paid"),
    ("UPDATE subscriptions_trialuse SET package_id = package_id + 1000", "trial_used_once", "trial"),
    ("DELETE FROM subscriptions_contract", "contract_kept", "trial"),
    (f"UPDATE {S} SET price = 1 WHERE status = 'trial'", "contract_kept", "trial"),
    (f"UPDATE {S} SET vat_rate = 5 WHERE status = 'trial'", "contract_kept", "trial"),
    (f"UPDATE {R} SET basis = 'withdrawal'", "withdrawal_used_once", "paid"),
    ("UPDATE subscriptions_paymentcard SET is_primary = false", "one_primary_card", "owner"),
    ("UPDATE subscriptions_paymentcard SET removed_at = added_at", "one_primary_card", "owner"),
    ("UPDATE subscriptions_paymentcard SET removed_at = added_at, is_primary = false", "card_to_charge", "trial"),
    ("DELETE FROM portal_auditrecord WHERE what = 'charged'", "charge_recorded", "payment"),
    (f"UPDATE {P} SET status = 'failed'", "charge_recorded", "payment"),
    ("DELETE FROM portal_auditrecord WHERE what = 'refunded'", "refund_recorded", "paid"),
    ("UPDATE portal_outboxmessage SET parked_at = now() WHERE handler = 'refund'", "outbox_parked", "refund_key"),
]


def name_of(town, who: str) -> str:
    if who in {"invoice", "note"}:
        return town[who].number
    if who == "vin":
        return town["paid"].vehicle.vin
    if who == "owner":
        return town["paid"].account.email
    return town["refund"].key if who == "refund_key" else str(town[who].public_id)


@pytest.mark.parametrize("change", ["is_active = false", "ended_at = now()", "account_id = account_id + 1000"])
def test_S7_what_runs_for_an_account_without_control_is_named(town, change):
    damage(f"UPDATE garage_membership SET {change}")
    assert found()["held_by_active"] == {str(town[name].public_id) for name in ("trial", "late")}


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM subscriptions_workitem",
        "UPDATE subscriptions_workitem SET closed_at = now()",
        "UPDATE garage_controltransfer SET state = 'moved', ended_at = now()",
        "DELETE FROM garage_controltransfer",
    ],
)
def test_V4_an_objection_that_nobody_would_see_is_named(town, car, market, now, statement):
    buyer = make.account("buyer@example.com", market=market)
    transfer = request_control(membership=make.verified(buyer, car.vehicle), now=now, by=buyer)
    object_to(transfer=transfer, now=now, by=car.account)
    assert found() == {}
    damage(statement)
    assert found()["objection_on_work_list"] == {str(transfer.public_id)}


@pytest.mark.parametrize(("statement", "check", "who"), DAMAGES)
def test_damage_is_named_by_its_rule_and_its_row(town, statement, check, who):
    damage(statement)
    assert name_of(town, who) in found()[check]


@pytest.fixture
def priced(town, market, owner, gateway, clock, now):
    """The paid trial of navigation at a new price, accepted and charged (`changed`), and wifi's one unanswered."""
    subscription, other = town["trial"], town["late"]
    for row, price in ((subscription, "11.90"), (other, "6.00")):
        announce_price(
            plan=row.plan, price=Decimal(price), effective_on=date(2026, 9, 1), reason="x", now=now, by=owner
        )
    clock.now = now + make.days(30)
    charging_run(market=market, now=clock(), gateway=gateway)
    clock.now = now + make.days(32)
    charging_run(market=market, now=clock(), gateway=gateway)
    for days in (61, 92):
        clock.now = now + make.days(days)
        charging_run(market=market, now=clock(), gateway=gateway)
        row = Subscription.objects.get(pk=subscription.pk)
        if row.open_offer:
            confirmed = shown(row.open_offer)
            accept_price(subscription=row, confirmed=confirmed, order_text="I.", now=clock(), by=owner)
    return town


OFFER, AMENDMENT = "subscriptions_priceoffer", "subscriptions_contractamendment"
TERM_DAMAGES = [
    (f"UPDATE {OFFER} SET charge_on = charge_on + 1", "price_offered_in_time", "trial"),
    (f"UPDATE {OFFER} SET price = 1", "price_offered_in_time", "trial"),
    (f"UPDATE {OFFER} SET offered_at = offered_at + interval '2 days'", "price_offered_in_time", "trial"),
    (f"UPDATE {AMENDMENT} SET price = 1", "amendment_as_offered", "trial"),
    (f"UPDATE {AMENDMENT} SET accepted_at = accepted_at - interval '40 days'", "amendment_as_offered", "trial"),
    (f"UPDATE {AMENDMENT} SET accepted_at = accepted_at + interval '99 days'", "amendment_as_offered", "trial"),
]


@pytest.mark.parametrize(("statement", "check", "who"), TERM_DAMAGES)
def test_damage_to_a_new_price_is_named(priced, statement, check, who):
    assert found() == {}
    damage(statement)
    assert name_of(priced, who) in found()[check]


def test_a_charge_whose_new_price_nobody_accepted_is_named(priced):
    paid = Payment.objects.filter(subscription=priced["trial"]).latest("period_index")
    assert str(paid.amount) == "11.90"
    damage(f"DELETE FROM {AMENDMENT}")
    assert str(paid.public_id) in found()["charged_unaccepted"]
    assert str(paid.public_id) in found()["payment_as_agreed"]


def test_a_charge_of_a_package_that_is_gone_is_named(town, market, owner, now):
    discontinue_package(
        package=town["paid"].package, market=market, ends_on=date(2026, 10, 1), reason="x", now=now, by=owner
    )
    damage("UPDATE subscriptions_discontinuation SET ends_on = '2026-06-10'")
    assert found()["charged_discontinued"] == {str(town["payment"].public_id)}


def test_a_period_paid_twice_is_named(town):
    damage(copy_of(P, town["payment"], key="'again'"))
    assert found()["period_paid_once"] == {str(town["paid"].public_id)}


def test_two_payments_by_one_charge_are_named(town):
    damage(copy_of(P, town["payment"], key="'again'", period_index="1"))
    assert len(found()["payment_settled"]) == 2


def test_an_invoice_too_many_is_named(town):
    damage(copy_of(D, town["invoice"], sequence="2", number="'CY-2026-000002'"))
    assert found()["payment_invoiced"] == {str(town["payment"].public_id)}


def test_a_number_given_twice_is_named(town):
    damage(copy_of(D, town["invoice"]))
    assert found()["numbers_without_gap"] == {town["invoice"].number}


def test_a_number_out_of_the_order_of_time_is_named(town):
    damage(copy_of(D, town["invoice"], sequence="2", number="'CY-2026-000002'", issued_at="issued_at - interval '2 h'"))
    assert found()["numbers_in_order"] == {"CY-2026-000002"}


def test_a_series_that_does_not_stand_at_its_last_number_is_named(town):
    damage("UPDATE subscriptions_numberseries SET last_number = 7 WHERE kind = 'invoice'")
    assert found() == {"series_stands_at_last": {"seller invoice 2026"}}


def test_a_second_credit_note_is_named(town):
    damage(copy_of(D, town["note"], sequence="2", number="'CN-CY-2026-000002'"))
    assert found().keys() >= {"refund_documented", "credit_within_invoice"}


@pytest.fixture
def corrected(town, market, gateway, now):
    """A second payment, whose invoice was made out to the wrong name."""
    owner = town["trial"].account
    radio = make.package("radio", market=market, prices={"yearly": "30.00"})
    make.subscription(owner.memberships.get(), package=radio, gateway=gateway)
    invoice = Document.objects.get(gross="30.00")
    BillingProfile.objects.update(name="Fleet Ltd")
    quote = correction_quote(invoice, now=now, by=owner)
    return invoice, correct_document(invoice=invoice, confirmed=quote, now=now, by=owner)


def test_I4_a_correction_is_clean(corrected):
    assert found() == {}


@pytest.mark.parametrize(
    "statement",
    [
        f"DELETE FROM {D} WHERE kind = 'credit_note' AND refund_id IS NULL",
        f"UPDATE {D} SET gross = 29, net = net - 1 WHERE kind = 'credit_note' AND refund_id IS NULL",
        f"UPDATE {D} SET gross = 31, net = net + 1 WHERE replaces_id IS NOT NULL",
        f"UPDATE {D} SET replaces_id = id WHERE replaces_id IS NOT NULL",
        f"UPDATE {D} SET replaces_id = id + 1000 WHERE replaces_id IS NOT NULL",
        f"UPDATE {D} SET payment_id = (SELECT min(id) FROM {P}) WHERE replaces_id IS NOT NULL",
    ],
)
def test_I4_half_a_correction_is_named(corrected, statement):
    damage(statement)
    assert corrected[1].number in found()["correction_whole"]


def test_I4_a_credit_note_without_refund_or_new_invoice_is_named(corrected):
    damage(f"DELETE FROM {D} WHERE replaces_id IS NOT NULL")
    assert found()["credit_within_invoice"] == {corrected[0].number}


def test_I4_an_invoice_that_takes_no_other_ones_place_is_one_too_many(corrected):
    damage(f"UPDATE {D} SET replaces_id = NULL")
    assert len(found()["payment_invoiced"]) == 1


def test_a_trial_used_twice_is_named(town):
    use = town["trial"].account.trials_used.get(subscription=town["trial"])
    damage(copy_of("subscriptions_trialuse", use, subscription_id=str(town["late"].pk), package_id=str(use.package_id)))
    assert {str(town["trial"].public_id), str(town["late"].public_id)} == found()["trial_used_once"]


def test_a_second_primary_card_is_named(town):
    damage(copy_of("subscriptions_paymentcard", PaymentCard.objects.get(), card_ref="'b'", fingerprint="'b'"))
    assert found() == {"one_primary_card": {"owner@example.com"}}


def test_a_contract_taken_over_whose_charge_moved_is_named(town, now):
    row = town["trial"]
    moved = row.next_charge_on + make.days(1)
    TakenOver.objects.create(subscription=row, old_id="S-1", periods_paid=0, next_charge_on=moved, taken_at=now)
    assert found()["taken_over_as_it_was"] == {str(row.public_id)}


def test_what_is_due_is_no_damage_and_after_the_run_it_is_paid(town, market, gateway, clock, now):
    clock.now = now + make.days(40)
    assert list(check_ledger(now=clock())) == []
    charging_run(market=market, now=clock(), gateway=gateway)
    assert Subscription.objects.filter(status="paid").count() == 2
    assert list(check_ledger(now=clock())) == []


def test_every_check_has_been_seen_to_find_its_damage():
    here = Path(__file__).read_text()
    assert [check.name for check in CHECKS if f'"{check.name}"' not in here] == []


def test_the_operations_page_says_what_to_do_about_every_finding():
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
    assert [check.name for check in CHECKS if f"`{check.name}`" not in page] == []


def test_the_database_counts_months_as_the_rules_do(db):
    activated = [date(2023, 12, 1) + timedelta(days=day) for day in range(460)]
    ours = [
        paid_period(activated_on=day, trial_months=trial, term_months=term, index=index).start_on
        for day in activated for trial in (0, 1) for term in (1, 12, 48) for index in range(14)
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (day + make_interval(months => trial + index * term))::date"
            " FROM unnest(%s::date[]) WITH ORDINALITY d (day, place), unnest(ARRAY[0, 1]) trial,"
            " unnest(ARRAY[1, 12, 48]) term, generate_series(0, 13) index ORDER BY place, trial, term, index",
            [activated],
        )
        assert [day for (day,) in cursor.fetchall()] == ours


def test_the_command_says_that_all_is_well(town, capsys):
    call_command("check_ledger")
    assert f"{len(CHECKS)} checks, and everything agrees." in capsys.readouterr().out


def test_the_command_names_the_rows_and_fails(town, capsys):
    damage(f"UPDATE {P} SET refunded = 59")
    with pytest.raises(CommandError, match="rows do not agree") as failed:
        call_command("check_ledger")
    assert failed.value.returncode == 1
    assert f"refunds_add_up  {town['payment'].public_id}" in capsys.readouterr().out


def test_the_command_lists_what_is_checked(db, capsys):
    call_command("check_ledger", "--list")
    listed = capsys.readouterr().out
    assert all(check.name in listed and check.sentence in listed for check in CHECKS)


def test_the_nightly_check_makes_work_of_what_it_finds_and_changes_nothing_else(town):
    damage(f"UPDATE {P} SET refunded = 59")
    tasks.check_ledger()
    assert str(town["payment"].public_id) in WorkItem.objects.get(kind="refunds_add_up").subject
    assert str(Payment.objects.get().refunded) == "59.00"


def test_a_check_is_one_query_however_many_rows_there_are(town):
    now = latest()
    with CaptureQueriesContext(connection) as queries:
        assert list(check_ledger(now=now)) == []
    assert len(queries) == len(CHECKS)
