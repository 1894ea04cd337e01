"""A third party reads data of a car by its owner's leave: given, seen, ended, and never of another's time (D3, D4)."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.models import Notice
from garage.actions.grant_ends import end_grant, end_grants_that_are_over
from garage.actions.leave import end_membership
from garage.models import DataAccess, DataGrant, ThirdParty
from garage.rules.grants import longest_end, may_end_on
from portal.models import AuditRecord
from portal.refusals import Refusal
from subscriptions.actions.closing import close, closing_quote
from subscriptions.actions.control import request_control
from tests import make, oidc
from tests.garage.grants import LAST_DAY, give, third_party
from tests.meta.test_layout import ROOT

pytestmark = pytest.mark.django_db
NOW, DAY = make.NOW, timedelta(days=1)
FILE = ROOT / "portal" / "data" / "lexus_cy" / "third_parties.yaml"


@pytest.fixture
def insurer(market) -> ThirdParty:
    return third_party(market)


@pytest.fixture
def grant(car, insurer) -> DataGrant:
    return give(car, insurer)


def told(account) -> list[str]:
    return [
        notice.facts["change"] for notice in Notice.objects.filter(account=account, kind="data_grant").order_by("pk")
    ]


# Rules


@pytest.mark.parametrize(
    ("today", "longest"),
    [
        (date(2026, 6, 10), date(2027, 6, 10)),
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2026, 12, 31), date(2027, 12, 31)),
    ],
)
def test_D3_a_grant_lasts_twelve_months_at_most(today, longest):
    assert longest_end(today) == longest
    days = [today - DAY, today, longest, longest + DAY]
    assert [may_end_on(day, today=today) for day in days] == [False, True, True, False]


# Giving


def test_D3_what_was_granted_is_kept_recorded_and_told(car, owner, grant):
    assert (grant.kinds, grant.reference, grant.purpose) == (["specification"], "P-4711", "A premium by distance.")
    assert told(owner) == ["given"]
    record = AuditRecord.objects.get(what="data grant given")
    assert (record.account, record.data["third_party"]) == (owner, "sample-insurance")


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"kinds": []}, "kinds_unknown"),
        ({"kinds": ["nothing"]}, "kinds_unknown"),
        # Who had the car when is nobody's to pass on.
        ({"kinds": ["specification", "control"]}, "kinds_unknown"),
        ({"ends_on": date(2026, 6, 9)}, "last_day_out_of_range"),
        ({"ends_on": date(2027, 6, 11)}, "last_day_out_of_range"),
    ],
)
def test_D3_what_cannot_be_granted_is_refused(car, insurer, facts, code):
    with pytest.raises(Refusal) as refused:
        give(car, insurer, **facts)
    assert refused.value.code == code
    assert not DataGrant.objects.exists()


def test_D3_only_the_active_account_grants_and_only_who_is_offered(car, insurer, market, grant):
    other = make.verified(make.account("c@example.com", market=market), car.vehicle)
    for membership, code in ((other, "not_active"), (car, "grant_there_already")):
        with pytest.raises(Refusal) as refused:
            give(membership, insurer)
        assert refused.value.code == code
    insurer.is_active = False
    with pytest.raises(Refusal) as refused:
        give(car, insurer)
    assert refused.value.code == "third_party_unknown"


def test_D3_after_the_last_day_it_can_be_granted_anew_whether_the_job_came_by_or_not(car, owner, insurer, grant):
    later = NOW + 300 * DAY
    again = give(car, insurer, now=later, ends_on=date(2027, 12, 31))
    grant.refresh_from_db()
    assert (grant.ended_why, again.is_live(later)) == ("over", True)
    assert told(owner) == ["given", "over", "given"]


# Ending


def test_D3_the_owner_ends_it_at_once_and_twice_is_once(owner, grant):
    for _ in range(2):
        end_grant(grant=grant, now=NOW + DAY, by=owner)
    grant.refresh_from_db()
    assert (grant.ended_at, grant.ended_why) == (NOW + DAY, "owner")
    assert told(owner) == ["given", "owner"]


def test_D3_the_last_day_counts_whole_by_the_markets_clock(owner, grant):
    # 31 December ends at 22:00 UTC in Nicosia.
    over = datetime(2026, 12, 31, 22, tzinfo=UTC)
    assert [grant.is_live(over - timedelta(minutes=1)), grant.is_live(over)] == [True, False]
    assert [end_grants_that_are_over(now=at) for at in (over - timedelta(minutes=1), over, over)] == [0, 1, 0]
    grant.refresh_from_db()
    assert grant.ended_why == "over"
    assert told(owner) == ["given", "over"]


def test_D3_it_ends_when_control_moves(car, market, owner, grant):
    taker = make.verified(make.account("taker@example.com", market=market), car.vehicle)
    request_control(membership=taker, now=NOW + DAY, by=taker.account)
    grant.refresh_from_db()
    assert (grant.ended_at, grant.ended_why) == (NOW + DAY, "control")
    assert told(owner) == ["given", "control"]
    assert told(taker.account) == []


def test_D3_it_ends_when_the_car_is_removed_and_only_of_this_car(car, owner, insurer, grant):
    other = give(make.active_car(owner, 2), insurer)
    end_membership(car, now=NOW + DAY, by=owner)
    grant.refresh_from_db()
    assert grant.ended_why == "removed"
    assert DataGrant.objects.running().get() == other


def test_A6_it_ends_with_the_account_and_what_the_company_knew_it_by_goes(owner, grant):
    close(account=owner, confirmed=closing_quote(owner, now=NOW), now=NOW, by=owner)
    grant.refresh_from_db()
    assert (grant.ended_at, grant.ended_why, grant.reference) == (NOW, "removed", "")


# The database


def test_D3_the_log_is_never_changed(grant):
    row = DataAccess.objects.create(grant=grant, at=NOW, kinds=["specification"], rows=1)
    for change in (lambda: DataAccess.objects.update(rows=0), row.delete):
        with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
            change()


# Pages


def page(client, account, name, *arguments, at=NOW, **form):
    url = reverse(name, args=arguments)
    with time_machine.travel(at, tick=False):
        client.force_login(account)
        return client.post(url, form) if form else client.get(url)


def said(insurer, **facts):
    asked = {"third_party": str(insurer.public_id), "kinds": ["specification"], "ends_on": "2026-12-31"}
    return asked | {"reference": "P-4711"} | facts


def test_D3_what_leaves_is_shown_before_it_is_confirmed(client, car, owner, insurer):
    shown = page(client, owner, "grant_new", car.public_id, **said(insurer))
    text = shown.content.decode()
    assert not DataGrant.objects.exists()
    for words in ("What Sample Insurance will read", "Specification and last known odometer", "A premium by distance."):
        assert words in text
    assert "31 December 2026" in text
    assert insurer.privacy_url in text
    answer = page(client, owner, "grant_new", car.public_id, **said(insurer, step="give"))
    given = DataGrant.objects.get()
    assert answer["Location"] == reverse("grant", args=[given.public_id])
    assert (given.ends_on, given.has_history, given.reference) == (LAST_DAY, False, "P-4711")


def test_D3_changing_ones_mind_keeps_what_was_typed(client, car, owner, insurer):
    text = page(client, owner, "grant_new", car.public_id, **said(insurer, step="change")).content.decode()
    assert "Nothing leaves before you have seen" in text
    assert 'value="P-4711"' in text
    assert not DataGrant.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ends_on": "2027-06-11"}, "within the next twelve months"),
        ({"ends_on": "tomorrow"}, "This is no day of the calendar"),
        ({"kinds": []}, "at least one kind"),
        ({"third_party": "x"}, "Select a valid choice"),
        ({"reference": "4242 4242 4242 4242"}, "looks like a card number"),
    ],
)
def test_a_form_that_is_wrong_says_so_and_gives_nothing(client, car, owner, insurer, wrong, words):
    for step in ("", "give"):
        shown = page(client, owner, "grant_new", car.public_id, **said(insurer, step=step, **wrong))
        assert shown.status_code == 200
        assert words in shown.content.decode()
    assert not DataGrant.objects.exists()


def test_D3_a_second_one_for_the_same_company_is_refused_beside_the_field(client, car, owner, insurer, grant):
    # At the first step, before what would leave is looked through; and at the last, whatever came between.
    for step in ("", "give"):
        shown = page(client, owner, "grant_new", car.public_id, **said(insurer, step=step))
        assert "It may read data of this car already." in shown.content.decode()


def test_D3_grants_of_an_hour_are_limited_and_what_was_typed_stays(client, car, owner, insurer):
    for _ in range(20):
        page(client, owner, "grant_new", car.public_id, **said(insurer, step="give"))
        end_grant(grant=DataGrant.objects.latest("pk"), now=NOW, by=owner)
    refused = page(client, owner, "grant_new", car.public_id, **said(insurer, step="give")).content.decode()
    assert ("Too many tries within an hour" in refused, 'value="P-4711"' in refused) == (True, True)
    assert DataGrant.objects.count() == 20
    later = page(client, owner, "grant_new", car.public_id, at=NOW + DAY / 12, **said(insurer, step="give"))
    assert later.status_code == 302


def test_D3_the_list_says_when_it_was_last_read_and_the_log_is_paged(client, car, owner, grant):
    assert "Nothing read yet." in page(client, owner, "grants", car.public_id).content.decode()
    rows = [
        DataAccess(grant=grant, at=NOW + number * timedelta(hours=1), kinds=["specification"], rows=number)
        for number in range(60)
    ]
    DataAccess.objects.bulk_create(rows)
    assert "Last read on 12 June 2026." in page(client, owner, "grants", car.public_id).content.decode()
    text = page(client, owner, "grant", grant.public_id).content.decode()
    assert ("Page 1 of 3" in text, "12 June 2026, 23:00" in text) == (True, True)


def test_D3_a_list_costs_the_same_for_many(client, car, owner, market, grant, django_assert_max_num_queries):
    machines = ("lexus-registry", "lexus-vehicle-backend")
    for number, client_id in enumerate(machines):
        give(car, ThirdParty.objects.create(market=market, code=f"c{number}", name="C", client_id=client_id))
    page(client, owner, "grants", car.public_id)
    with django_assert_max_num_queries(22):
        assert page(client, owner, "grants", car.public_id).content.decode().count("Nothing read yet.") == 3


def test_D3_the_owner_ends_it_on_its_page_and_where_the_car_is_reached(client, car, owner, grant):
    assert "Sample Insurance" in page(client, owner, "reach", car.public_id).content.decode()
    answer = page(client, owner, "grant_end", grant.public_id, at=NOW + DAY, confirm="yes")
    assert answer["Location"] == reverse("grant", args=[grant.public_id])
    grant.refresh_from_db()
    assert grant.ended_why == "owner"
    assert "You have let nobody read data of this car." in page(client, owner, "reach", car.public_id).content.decode()
    assert "by you" in page(client, owner, "grant", grant.public_id).content.decode()


def test_D4_of_a_car_that_one_had_the_log_stays_ones_own(client, car, owner, stranger, grant):
    end_membership(car, now=NOW + DAY, by=owner)
    buyers = make.verified(stranger, car.vehicle, now=NOW + DAY)
    text = page(client, owner, "grants", car.public_id, at=NOW + DAY).content.decode()
    assert reverse("grant", args=[grant.public_id]) in text
    assert "because the car left your garage" in page(client, owner, "grant", grant.public_id).content.decode()
    assert "Sample Insurance" not in page(client, stranger, "grants", buyers.public_id).content.decode()
    for name in ("grant", "grant_end"):
        assert page(client, stranger, name, grant.public_id, x="1").status_code in (404, 405)
    assert page(client, stranger, "grant", grant.public_id).status_code == 404


# The file


def test_the_example_deployments_file_is_loaded_and_twice_is_as_once(market):
    with pytest.raises(CommandError, match="no machine with the scope"):
        call_command("load_third_parties", str(FILE), verbosity=0)
    oidc.clients()
    for _ in range(2):
        call_command("load_third_parties", str(FILE), verbosity=0)
    assert ThirdParty.objects.get().client_id == "sample-insurance"


def test_one_that_the_file_no_longer_names_is_offered_to_nobody(client, car, owner, insurer, grant, tmp_path):
    text = FILE.read_text().replace("code: sample-insurance", "code: other")
    file = tmp_path / "third_parties.yaml"
    file.write_text(text.replace("client: sample-insurance", "client: lexus-registry"))
    with pytest.raises(CommandError, match="lexus-registry"):
        call_command("load_third_parties", str(file), verbosity=0)
    ThirdParty.objects.update(client="lexus-registry")
    file.write_text(text)
    call_command("load_third_parties", str(file), verbosity=0)
    insurer.refresh_from_db()
    assert not insurer.is_active
    assert "Paused" in page(client, owner, "grant", grant.public_id).content.decode()


def test_the_demos_customer_has_given_a_grant_that_was_read_twice(client, market, insurer):
    with time_machine.travel(NOW, tick=False):
        andreas = make.account("andreas@example.com", market=market)
        car = make.active_car(andreas, 3)
        call_command("bring_data_grant")
        text = page(client, andreas, "grants", car.public_id).content.decode()
    assert "Last read on 3 June 2026." in text
    assert list(DataAccess.objects.values_list("rows", flat=True)) == [1, 1]
