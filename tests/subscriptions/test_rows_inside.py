"""Related rows read inside a statement are the very rows that `prefetch_related` reads."""

import pytest
from django.db.models import Prefetch, QuerySet

from portal.querying.rows_inside import with_rows
from subscriptions.models import Package, Plan, Service, Subscription
from tests import make
from tests.subscriptions.running_plans import accept
from tests.subscriptions.running_plans import announce as announce
from tests.subscriptions.running_plans import run as run
from tests.subscriptions.running_plans import yearly as yearly


def values(rows) -> list[dict[str, object]]:
    return [{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields} for row in rows]


def test_amounts_dates_moments_and_texts_are_those_of_the_rows(yearly, announce, run, django_assert_num_queries):
    announce(yearly)
    run("2027-04-11")
    accept(yearly, "2027-05-01")
    with django_assert_num_queries(1):
        inside = Subscription.objects.select_related("package").with_agreements_inside().get()
        amended, offered, ended = inside.amendments.all(), inside.price_offers.all(), inside.package.discontinuations
        rows = values(amended), values(offered), values(ended.all())
        assert amended[0].subscription is inside
    before = Subscription.objects.select_related("package").with_agreements().get()
    assert rows == (values(before.amendments.all()), values(before.price_offers.all()), [])
    assert str(amended[0].price) == "72.00"
    assert (inside.standing, inside.open_offer) == (before.standing, before.open_offer)


def test_rows_of_both_kinds_of_relation_are_narrowed_and_ordered_as_given(market, django_assert_num_queries):
    for code in ("one", "two"):
        services = make.package(code, market=market).services
        services.create(code=f"of-{code}", names={"el": "Πλοήγηση"}, capabilities=["a"])
    make.package("bare", market=market, prices={"yearly": "60.00"}).services.clear()
    plans, services = Plan.objects.filter(price__lt=50), Service.objects.order_by("-code")
    packages = Package.objects.order_by("pk")
    with django_assert_num_queries(1):
        inside = [
            (values(each.plans.all()), values(each.services.all()), [plan.package for plan in each.plans.all()])
            for each in with_rows(packages, plans=plans, services=services)
        ]
    prefetched = packages.prefetch_related(Prefetch("plans", plans), Prefetch("services", services))
    assert inside == [
        (values(each.plans.all()), values(each.services.all()), [each] * len(each.plans.all())) for each in prefetched
    ]


def test_a_statement_that_locks_is_refused(db):
    locked: QuerySet[Subscription] = Subscription.objects.with_agreements_inside().select_for_update(of=["self"])
    with pytest.raises(ValueError, match="before it waited"):
        list(locked)
