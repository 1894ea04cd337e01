"""One bad row cannot stop the night."""

from subscriptions.actions.run import charging_run
from subscriptions.models import Package
from tests import make


def test_a_notice_that_cannot_be_worded_stops_neither_notices_nor_charges(
    market, owner, car, card, navigation, gateway, clock, now
):
    broken = make.package("broken", market=market, gives_trial=True)
    due = make.subscription(car, package=navigation, gateway=gateway)
    for package in (broken, make.package("wifi", market=market, gives_trial=True)):
        make.subscription(car, package=package, gateway=gateway, now=now + make.days(5))
    Package.objects.filter(pk=broken.pk).update(names=[])
    clock.now = now + make.days(30)
    charging_run(market=owner.market, now=clock.now, gateway=gateway)
    assert due.payments.get().status == "succeeded"
    told = owner.notices.filter(kind="trial_ending").values_list("facts__package", flat=True)
    assert list(told) == ["wifi"]
