"""Moving in (docs/moving-in.md): customers of another system, once, with money and dates as they stood there."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.access import has_accepted_current_terms
from accounts.models import Account
from garage.files.csv_rows import UnreadableFile
from garage.models import Membership
from portal.models import AuditRecord, Origin, OutboxMessage
from subscriptions.actions.cancel import cancel, cancellation_quote
from subscriptions.actions.move_in import Subscriptions
from subscriptions.actions.run import charging_run
from subscriptions.actions.withdraw import withdraw
from subscriptions.exporters import old_document_files
from subscriptions.ledger.check import check_ledger
from subscriptions.ledger.provider import compare_with_provider
from subscriptions.models import (
    Contract,
    Document,
    NumberSeries,
    OldDocument,
    Payment,
    PaymentCard,
    Subscription,
    TrialUse,
    WorkItem,
)
from tests import make, old_system
from tests.journeys.conftest import words
from tests.old_system import moved, write
from tests.support.cases import staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def directory(tmp_path, market, navigation, digital_key, gateway, files):
    """Paid for a year , of which this system knows the charge, and a free month."""
    for number in (1, 2):
        make.registry_entry(number)
    folder = tmp_path / "old"
    (folder / "documents").mkdir(parents=True)
    cards = [old_system.card_at(gateway, number, old_id=f"k-{number}") for number in (1, 2)]
    reference = old_system.charged(gateway, cards[0], "99.00", key="theirs-1")
    (folder / "documents" / "a.pdf").write_bytes(old_system.PDF)
    write(folder, "accounts.csv", [each | old_system.PLACE for each in old_system.ACCOUNTS])
    write(folder, "links.csv", old_system.LINKS)
    write(folder, "cards.csv", cards)
    write(folder, "rights.csv", [{"account": "c-1", "right": "withdrawal", "used_on": "2023-05-01"}])
    write(folder, "subscriptions.csv", [YEARLY | {"charge_ref": reference}, TRIAL])
    document = {"number": "OLD-77", "account": "c-1", "kind": "invoice", "issued_on": "2023-02-10", "currency": "EUR"}
    write(folder, "documents.csv", [document | {"gross": "99.00", "file": "a.pdf"}])
    return folder


# The clock of the tests stands at 10 June 2026.
YEARLY = old_system.subscription(
    "s-1",
    1,
    term="yearly",
    activated_on="2024-12-20",
    trial_months="1",
    price="99.00",
    next_charge_on="2027-01-20",
    paid="99.00",
    paid_on="2026-01-21",
    paid_with="k-1",
    invoice="OLD-78",
)
TRIAL = old_system.subscription(
    "s-2",
    2,
    term="monthly",
    activated_on="2026-05-31",
    trial_months="1",
    price="9.90",
    next_charge_on="2026-06-30",
)


def the(old_id: str) -> Subscription:
    return Subscription.objects.get(taken_over__old_id=old_id)


def clean(now=make.NOW) -> bool:
    return list(check_ledger(now=now)) == []


def refusals(told):
    return [(file, each.line, each.reason) for file, each in told if each.outcome == "refused"]


def test_everything_is_taken_as_it_stood(directory):
    outcome, told = moved(directory)
    assert refusals(told) == []
    assert (outcome.same_dates, outcome.other_dates) == (2, 0)
    yearly, trial = the("s-1"), the("s-2")
    assert (yearly.status, yearly.periods_paid, str(yearly.next_try_on)) == ("paid", 2, "2027-01-20")
    assert (trial.status, trial.periods_paid, str(trial.next_try_on)) == ("trial", 0, "2026-06-30")
    assert Membership.objects.filter(is_active=True).count() == 2
    assert TrialUse.objects.count() == 2
    assert clean()


def test_A1_A2_accounts_are_activated_by_mail_and_asked_for_the_terms(directory):
    moved(directory)
    anna = Account.objects.get(email="anna@example.com")
    assert not anna.has_usable_password()
    assert not EmailAddress.objects.get(user=anna).verified
    assert not has_accepted_current_terms(anna, make.NOW)
    mails = OutboxMessage.objects.filter(handler="activation_mail").order_by("due_at")
    assert [(mail.due_at - make.NOW).total_seconds() for mail in mails] == [0, 2]


def test_A2_whoever_was_taken_over_is_told_so_with_the_day_and_asked_for_the_terms(directory, client):
    moved(directory)
    anna = Account.objects.get(email="anna@example.com")
    EmailAddress.objects.filter(user=anna).update(verified=True)
    client.force_login(anna)
    asked = client.get(reverse("garage"), follow=True)
    assert asked.redirect_chain[-1][0].startswith(reverse("terms_acceptance"))
    assert "taken over from the site before this one on 10 June 2026" in words(asked)
    client.post(reverse("terms_acceptance"), {"version": asked.context["version"].version})
    assert "Taken over from the site before this one 10 June 2026" in words(client.get(reverse("account")))
    shown = words(client.get(reverse("subscription", args=[the("s-1").public_id])))
    assert "Taken over from the site before this one With its price, its dates and what was paid for it." in shown


def test_K2_the_desk_tells_of_each_row_that_was_taken_over(directory, client, market):
    moved(directory)
    anna = Account.objects.get(email="anna@example.com")
    staff(client, market, "agent")
    timeline = client.get(reverse("admin:accounts_account_timeline", args=[anna.pk])).context["entries"]
    told = {(strip_tags(line.what), line.details) for line in timeline}
    assert {("Account taken over", "c-1"), ("Car taken over", ""), ("Contract taken over", "s-1")} <= told
    contract = words(client.get(reverse("admin:subscriptions_takenover_change", args=[the("s-1").taken_over.pk])))
    assert "OLD-78" in contract
    assert "anna@example.com" in contract
    for origin in Origin.objects.filter(kind__in=("account", "link", "card", "subscription", "right")):
        assert client.get(reverse("admin:portal_origin_change", args=[origin.pk])).status_code == 200


def test_twice_changes_nothing(directory):
    moved(directory)
    before = [model.objects.count() for model in (Origin, Subscription, Payment, AuditRecord, OutboxMessage)]
    _outcome, told = moved(directory)
    assert {each.outcome for _file, each in told} == {"left"}
    after = [model.objects.count() for model in (Origin, Subscription, Payment, AuditRecord, OutboxMessage)]
    assert before == after


def test_a_dry_run_says_the_same_and_changes_nothing(directory, files):
    _outcome, said = moved(directory, is_dry=True)
    assert not Origin.objects.exists()
    assert not Account.objects.exists()
    assert not (files / "old-documents").exists()
    assert moved(directory)[1] == said


def test_killed_half_way_it_goes_on(directory, monkeypatch):
    def killed(self, rows):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Subscriptions, "keep", killed)
        with pytest.raises(KeyboardInterrupt):
            moved(directory)
    assert Account.objects.count() == 2
    assert not Subscription.objects.exists()
    _outcome, told = moved(directory)
    assert refusals(told) == []
    assert Subscription.objects.count() == 2
    assert clean()


def test_bad_rows_are_told_by_line_and_good_ones_kept_once(directory):
    with (directory / "accounts.csv").open("ab") as file:
        good = b"c-4,maria@example.com,Maria,,,en,CY,,,,,,,\n"
        file.write(b"c-3,formula@example.com,=cmd(),,,en,CY,,,,,,,\n" + good + good)
        file.write("c-5,latin@example.com,Zo\u00eb,,,en,CY,,,,,,,\n".encode("latin-1"))
        file.write(b"c-6," + b"x" * 3_000_000 + b"\n" + b"c-7,anna@example.com,A,,,en,CY,,,,,,,\nc-8,cut@exam")
    _outcome, told = moved(directory)
    said = {each.line: (each.outcome, each.reason) for file, each in told if file == "accounts.csv"}
    assert said[4] == ("refused", "first_name: '=cmd()' begins like a formula")
    assert said[5][0] == "taken"
    assert said[6] == ("left", "taken before, from line 5")
    assert said[7] == ("refused", "not in UTF-8")
    assert said[8] == ("refused", "longer than 20000 bytes")
    assert said[9] == ("refused", "this e-mail address has an account already")
    assert said[10] == ("refused", "the file breaks off here: its last line has no end")
    assert Account.objects.count() == 3


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"next_charge_on": "2027-01-21"}, "by its dates it is charged next on 2027-01-20"),
        ({"next_charge_on": "2026-01-20"}, "a charge was due on 2026-01-20"),
        ({"next_charge_on": "", "ends_on": "2026-11-20", "cancelled_on": "2026-06-02"}, "it ends on 2026-11-20"),
        ({"paid": "89.00"}, "paid 89.00 of 99.00"),
        ({"invoice": ""}, "of a period that was paid"),
        ({"paid_with": "k-2"}, "the card that paid was not taken over for this account"),
        ({"account": "c-2"}, "its account has no control of this car"),
        ({"account": "nobody"}, "its account was not taken over"),
        ({"package": "roadside"}, "'roadside' is no package of this market"),
        ({"currency": "USD"}, "the market's currency is EUR"),
    ],
)
def test_what_is_not_as_it_was_is_refused_row_by_row(directory, given, reason):
    write(directory, "subscriptions.csv", [YEARLY | given, TRIAL])
    _outcome, told = moved(directory)
    [(file, line, said)] = refusals(told)
    assert (file, line) == ("subscriptions.csv", 2)
    assert reason in said
    assert clean()


def test_S5_it_is_charged_on_the_old_systems_date_at_its_price(directory, market, clock, gateway, deliver):
    write(directory, "subscriptions.csv", [YEARLY | {"charge_ref": "theirs"}])
    moved(directory)
    for day in (19, 20):
        clock.now = datetime(2027, 1, day, 6, tzinfo=UTC)
        charging_run(market=market, now=clock.now, gateway=gateway)
        deliver()
    paid = Payment.objects.get(subscription=the("s-1"), period_index=2)
    assert paid.documents.get().number == "CY-2027-000001"
    assert (paid.amount, str(paid.period_from), str(paid.period_to)) == (Decimal("99.00"), "2027-01-20", "2028-01-20")
    assert clean(clock.now)


def test_X4_cancelled_it_is_refunded_to_the_cent_through_the_old_charge(directory, clock, gateway, deliver):
    moved(directory)
    yearly = the("s-1")
    quote = cancellation_quote(yearly, now=clock.now)
    cancel(subscription=yearly, confirmed=quote, now=clock.now, by=yearly.account)
    deliver()
    # Five months of twelve are used on 10 June.
    assert (quote.refund, str(quote.ends_on)) == (Decimal("57.75"), "2026-06-20")
    [charge] = gateway.charges()
    assert charge.refunded == Decimal("57.75")
    note = Document.objects.get()
    assert (note.old_invoice, note.credited_number, note.gross) == ("OLD-78", "OLD-78", Decimal("57.75"))
    assert clean()
    assert list(compare_with_provider(gateway=gateway, since=datetime(2023, 1, 1, tzinfo=UTC), now=clock.now)) == []


def test_X6_without_the_old_charge_the_refund_is_work_for_finance(directory, clock, market, gateway, deliver):
    write(directory, "subscriptions.csv", [YEARLY])
    moved(directory)
    yearly = the("s-1")
    cancel(subscription=yearly, confirmed=None, now=clock.now, by=yearly.account)
    deliver()
    charging_run(market=market, now=clock.now, gateway=gateway)
    deliver()
    work = WorkItem.objects.get(kind="refund_rejected")
    assert "57.75 EUR" in work.text
    assert [charge.refunded for charge in gateway.charges()] == [Decimal("0.00")]
    assert clean()


def test_X5_what_was_ordered_there_days_ago_is_withdrawn_from(directory, clock, deliver):
    monthly = YEARLY | {"account": "c-2", "vin": old_system.VINS[1], "package": "digital-key", "term": "monthly"}
    dates = {"activated_on": "2026-06-05", "trial_months": "0", "next_charge_on": "2026-07-05", "paid_on": "2026-06-05"}
    money = {"price": "5.00", "paid": "5.00", "paid_with": "k-2", "subscription": "s-3", "invoice": "OLD-80"}
    write(directory, "subscriptions.csv", [YEARLY | {"charge_ref": "x"}, monthly | dates | money])
    moved(directory)
    withdraw(subscription=the("s-3"), confirmed=None, now=clock.now, by=the("s-3").account)
    deliver()
    assert Payment.objects.get(subscription=the("s-3")).refunded == Decimal("5.00")
    assert clean()


def test_X3_one_with_its_end_set_runs_out(directory, market, clock, gateway):
    ending = {"trial_months": "0", "next_charge_on": "", "ends_on": "2026-06-20", "cancelled_on": "2026-06-02"}
    write(directory, "subscriptions.csv", [YEARLY | ending | {"term": "monthly", "paid_on": "2026-05-20"}])
    _outcome, told = moved(directory)
    assert refusals(told) == []
    assert clean()
    clock.now = datetime(2026, 6, 20, 6, tzinfo=UTC)
    charging_run(market=market, now=clock.now, gateway=gateway)
    assert the("s-1").status == "ended"
    assert clean(clock.now)


def test_W3_of_cards_that_none_is_marked_the_newest_is_primary(directory):
    moved(directory)
    assert PaymentCard.objects.filter(is_primary=True).count() == 2


def test_S10_the_contract_says_what_is_known_of_it(directory):
    moved(directory)
    contract = Contract.objects.get(subscription=the("s-1"))
    assert (contract.terms_version, contract.agreed["old_number"]) == (None, "s-1")


def test_I1_I2_old_documents_keep_their_own_numbers_outside_our_series(directory):
    moved(directory)
    anna = Account.objects.get(email="anna@example.com")
    document = OldDocument.objects.get()
    assert document.account == anna
    [(name, content)] = old_document_files(anna)
    assert (name, content[:5]) == (f"old-documents/{document.public_id}.pdf", b"%PDF-")
    assert not NumberSeries.objects.exists()


def test_a_file_that_is_not_there_or_has_other_columns_stops_it_before_the_first_row(directory):
    (directory / "cards.csv").write_text("card,number\n")
    with pytest.raises(UnreadableFile, match=r"cards\.csv cannot be taken"):
        moved(directory)
    assert not Account.objects.exists()
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_customers", directory / "nowhere")


def test_the_queries_of_a_batch_do_not_grow_with_its_rows(directory):
    """Of all five files: what is read and written for one customer is read and written for thirty."""
    one, many = _queries(directory, range(101, 102)), _queries(directory, range(102, 132))
    assert Subscription.objects.count() == OldDocument.objects.count() == 31
    assert many <= one + 2


def _queries(directory, numbers):
    for number in numbers:
        make.registry_entry(number)
    old_system.write_customers(directory, numbers, today=make.NOW.date())
    with CaptureQueriesContext(
        connection,
    ) as captured:
        _outcome, told = moved(directory)
    assert {(file, each.reason) for file, each in told if each.outcome != "taken"} <= {("rights.csv", RIGHT_LEFT)}
    return len(captured)


RIGHT_LEFT = "its account was not taken over"
