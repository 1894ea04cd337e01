"""T3, T4, D4: the pages of one's own driving, their figures, and whose they are."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from garage.actions.leave import end_membership
from garage.actions.report import take_reports
from garage.actions.unlink import end_control
from garage.driving.chart import chart
from garage.models import Trip
from garage.rules.driving import Month
from garage.rules.reports import PrivacyReport
from subscriptions.models import Package
from tests import make
from tests.garage.driving import DAY, agree, bring, drive, driving_package, said
from tests.subscriptions.incidents import incident

pytestmark = pytest.mark.django_db
TODAY = datetime(2026, 7, 10, 9, tzinfo=UTC)


@pytest.fixture
def driven(car, owner, market, now):
    driving_package(market)
    agree(owner, now=now)
    return car


@pytest.fixture
def ask(client):
    """A page as the account gets it in July."""

    def asked(car, name="driving", *arguments, by=None, status=200, today=TODAY, **query):
        with time_machine.travel(today, tick=False):
            client.force_login(by or car.account)
            answer = client.get(reverse(name, args=[car.public_id, *arguments]), query)
        assert answer.status_code == status
        return answer

    return asked


@pytest.fixture
def see(ask):
    """Its text."""

    def seen(*arguments, **facts):
        return " ".join(re.sub(r"<[^>]+>", " ", ask(*arguments, **facts).content.decode()).split())

    return seen


def june(day: int, hour: int = 8) -> datetime:
    return datetime(2026, 6, day, hour, tzinfo=UTC)


@pytest.fixture
def summer(driven):
    """June from the 10th on, and the first days of July."""
    drive(driven, june(11), acceleration=90, braking=90, constant_speed=90, distance_m=30_000)
    drive(driven, june(12), acceleration=50, braking=40, constant_speed=None, score=50, distance_m=10_000)
    drive(driven, june(12, 10), privacy_mode="part", distance_m=0)
    drive(driven, datetime(2026, 7, 2, 8, tzinfo=UTC), distance_m=2500)
    return driven


def test_T3_the_newest_month_says_its_score_and_that_it_is_indicative(summer, see):
    page = see(summer)
    assert "Hybrid Coaching: NX 350h" in page
    assert "These figures are indicative" in page
    assert "July 2026" in page
    assert "Performance score 80 of 100" in page


def test_T3_a_month_that_is_not_over_is_never_taken_for_a_whole_one(summer, see):
    page = see(summer)
    assert "Of this month only these days count: 1 July 2026 to 10 July 2026." in page
    assert "There is nothing to compare it with" in page
    june_page = see(summer, "driving_month", "2026-06")
    assert "Of this month only these days count: 10 June 2026 to 30 June 2026." in june_page
    assert "There is nothing to compare it with" in june_page


def test_T3_a_month_that_is_not_over_is_compared_with_the_same_days(driven, see):
    for day in (datetime(2026, 7, 3, tzinfo=UTC), datetime(2026, 7, 12, tzinfo=UTC), datetime(2026, 8, 9, tzinfo=UTC)):
        drive(driven, day, score=60 if day.month == 7 else 70)
    page = see(driven, today=datetime(2026, 8, 10, tzinfo=UTC))
    assert "Compared with 1 July 2026 to 10 July 2026: Score 10.0 points higher (it was 60)" in page
    assert "Of this month only these days count: 1 August 2026 to 10 August 2026." in page
    whole = see(driven, today=datetime(2026, 9, 1, tzinfo=UTC))
    assert "Compared with July 2026: Score 10.0 points higher (it was 60)" in whole


def test_T3_a_month_names_what_raised_and_what_lowered_it(summer, see):
    page = see(summer, "driving_month", "2026-06")
    assert "Performance score 80 of 100" in page
    assert "Acceleration 80, as the whole" in page
    assert "Braking 78, 2.5 points lower than the whole" in page
    assert "Constant speed 90, 10.0 points higher than the whole" in page
    assert "Days that raised it 11 June 2026 by 30.0 points" in page
    assert "Days that lowered it 12 June 2026 by 10.0 points" in page
    assert "1 of the trips is incomplete" in page


def test_T3_each_day_has_its_bar_and_its_row(summer, ask):
    page = ask(summer, "driving_month", "2026-06").content.decode()
    assert re.findall(r"<title>(\d+ \w+ \d+: \d+)</title>", page) == ["11 June 2026: 90", "12 June 2026: 50"]
    assert page.count('class="chart__bar" role="img" tabindex="0"') == 2
    assert "style=" not in page


def test_T3_no_day_below_the_graph_is_cut_off():
    for month in ("2026-02", "2026-04", "2026-05"):
        drawn = chart(Month.read(month), {})
        # Half of two figures at the size that a phone gets.
        assert drawn.days[-1].x + 14 <= drawn.width


@pytest.mark.parametrize(
    ("powertrain", "name"),
    [
        ("petrol", "Driving Analytics"),
        ("hybrid", "Hybrid Coaching"),
        ("plug_in_hybrid", "Hybrid Coaching"),
        ("electric", "EV Coaching"),
    ],
)
def test_T3_the_powertrain_names_it(driven, see, powertrain, name):
    driven.vehicle.powertrain = powertrain
    driven.vehicle.save(update_fields=["powertrain"])
    assert f"{name}: NX 350h" in see(driven)


@pytest.mark.parametrize("month", ["2026-08", "2026-05", "2026-13", "june", "0001-01", "9999-12"])
def test_T3_a_month_that_is_not_ones_own_is_not_there(summer, see, month):
    see(summer, "driving_month", month, status=404)


def test_T3_a_late_trip_counts_in_the_month_in_which_it_was_driven(summer, see):
    drive(summer, june(20), now=TODAY, distance_m=40_000, score=100)
    assert "Performance score 90 of 100" in see(summer, "driving_month", "2026-06")


def test_T3_without_trips_the_page_says_what_comes_next(driven, see):
    assert "No trips yet" in see(driven)
    assert "No trips yet" in see(driven, "driving_trips")


def test_T3_a_trip_says_its_figures_and_where_its_score_is_from(summer, see):
    first, sent, partial, last = Trip.objects.order_by("started_at")
    assert "The mean of its three scores." in see(summer, "driving_trip", first.reported_id)
    page = see(summer, "driving_trip", sent.reported_id)
    assert "50 of 100 As your car’s system sent it." in page
    assert "Constant speed no score" in page
    assert "With it, the score of the month is 10.0 points lower than without it." in page
    assert "This trip is incomplete" in see(summer, "driving_trip", partial.reported_id)
    assert "2.5 km" in see(summer, "driving_trip", last.reported_id)
    assert "15 km/h" in see(summer, "driving_trip", last.reported_id)


def test_the_list_can_be_filtered_and_says_what_is_wrong_with_a_filter(summer, see):
    assert see(summer, "driving_trips", first="2026-06-12", last="2026-06-12").count("12 June 2026") == 2
    partial = see(summer, "driving_trips", partial="on")
    assert "12 June 2026, 13:00 incomplete" in partial
    assert partial.count("June 2026") == 1
    assert "No trips fit" in see(summer, "driving_trips", first="2026-07-05")
    assert "This day is before the first one." in see(summer, "driving_trips", first="2026-07-05", last="2026-07-01")
    assert "Enter a valid date" in see(summer, "driving_trips", first="yesterday")
    assert "greater than or equal to" in see(summer, "driving_trips", first="0001-01-01")
    assert "less than or equal to" in see(summer, "driving_trips", last="9999-12-31")


def test_the_list_goes_on_where_a_page_ended(driven, ask):
    bring(*(said(driven, june(11) + timedelta(minutes=15 * number)) for number in range(120)), now=TODAY)
    pages, query = [], {}
    while True:
        page = ask(driven, "driving_trips", **query)
        pages.append([line.trip.pk for line in page.context["trips"]])
        if not page.context["older"]:
            break
        query = dict([part.split("=") for part in page.context["older"].split("&")])
    assert [len(page) for page in pages] == [50, 50, 20]
    expected = Trip.objects.order_by("-started_at", "-pk").values_list("pk", flat=True)
    assert [pk for page in pages for pk in page] == list(expected)
    ask(driven, "driving_trips", after="nonsense", status=404)


def test_D4_seller_and_buyer_each_see_their_own(summer, owner, stranger, see):
    end_control(summer, now=june(12, 9))
    bought = make.verified(stranger, summer.vehicle, now=june(12, 9))
    agree(stranger, now=june(12, 9))
    drive(bought, june(13), distance_m=99_000)
    Trip.objects.filter(started_at__gte=june(12, 9)).exclude(distance_m=99_000).delete()
    seen = see(bought, by=stranger)
    assert "99.0 km" in seen
    assert "30.0 km" not in seen
    mine = Trip.objects.order_by("started_at").first()
    see(bought, "driving_trip", mine.reported_id, by=stranger, status=404)
    assert "Trip on 11 June 2026" in see(summer, "driving_trip", mine.reported_id, by=owner)


def test_D4_a_former_owner_keeps_its_own_after_removing_the_car(summer, owner, stranger, see):
    end_membership(summer, now=june(30), by=owner)
    assert "Performance score" in see(summer, "driving_month", "2026-06", by=owner)
    see(summer, by=stranger, status=404)


def test_G11_who_never_had_control_is_led_to_what_gives_it(summer, stranger, see, client):
    linked = make.linked(stranger, summer.vehicle)
    for name in ("driving", "driving_trips", "driving_missing"):
        see(linked, name, by=stranger, status=302)
    gone = make.linked(make.account("gone@example.com", market=stranger.market), summer.vehicle)
    end_membership(gone, now=june(12), by=gone.account)
    see(gone, by=gone.account, status=404)


def test_pages_say_how_long_trips_are_kept_and_when_the_oldest_go(summer, see):
    assert "Your oldest ones, of 11 June 2026, go on 12 June 2029; download them before." in see(summer)


def test_T3_pages_need_as_many_queries_for_many_trips_as_for_few(driven, see, client, django_assert_num_queries):
    def queries() -> list[int]:
        counts = []
        with time_machine.travel(TODAY, tick=False):
            client.force_login(driven.account)
            for name, arguments in (("driving", ()), ("driving_month", ("2026-06",)), ("driving_trips", ())):
                with django_assert_num_queries(30, exact=False) as found:
                    client.get(reverse(name, args=[driven.public_id, *arguments]))
                counts.append(len(found))
        return counts

    drive(driven, june(11))
    few = queries()
    hours = (june(11) + timedelta(minutes=30 * number) for number in range(900))
    bring(*(said(driven, hour) for hour in hours), now=TODAY)
    assert queries() == few


def test_T4_every_cause_has_an_answer_and_the_way_ends_with_a_written_message(summer, see, client):
    drive(summer, june(12, 15), privacy_mode="at_end")
    page = see(summer, "driving_missing", on="2026-06-12")
    so, maybe, unknown, not_so = (page.index(title) for title in ("This is so", "This cannot", "This is not", "Still"))
    assert so < page.index("A trip ended in Privacy Mode") < maybe
    assert so < page.index("Privacy Mode was on for a part of a trip") < maybe
    assert so < page.index("A trip has no score for constant speed") < maybe
    assert maybe < page.index("The car had no GPS signal") < unknown
    assert unknown < page.index("A trip was very short") < not_so
    with time_machine.travel(TODAY, tick=False):
        contact = client.get(f"{reverse('case_new')}?trip={summer.public_id}&on=2026-06-12").text
    assert "A trip of 12 June 2026 with my NX 350h is missing or wrong" in contact
    assert "A trip ended in Privacy Mode" in contact


@pytest.mark.parametrize(
    "query", ["trip=nonsense&on=2026-06-12", "trip={car}&on=soon", "trip={car}", "trip={car}&on=0001-01-01"]
)
def test_T4_the_message_is_about_ones_own_car_and_a_day(summer, client, stranger, query):
    client.force_login(summer.account)
    asked = f"{reverse('case_new')}?{query.format(car=summer.public_id)}"
    assert client.get(asked).status_code == 404
    client.force_login(stranger)
    asked = f"{reverse('case_new')}?trip={summer.public_id}&on=2026-06-12"
    assert client.get(asked).status_code == 404


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-07-11", "This day has not come yet."),
        ("1999-12-31", "greater than or equal to"),
        ("0001-01-01", "greater than or equal to"),
        ("9999-12-31", "less than or equal to"),
        ("soon", "Enter a valid date"),
        ("", "This field is required"),
    ],
)
def test_T4_a_day_that_cannot_be_asked_for_is_told(driven, see, day, words):
    assert words in see(driven, "driving_missing", on=day)


def test_T4_of_today_it_may_still_be_on_its_way(driven, see):
    page = see(driven, "driving_missing", on="2026-07-10")
    assert page.index("This may be so") < page.index("It is still on its way") < page.index("This cannot be known")
    assert page.index("This is so") < page.index("There has been no trip yet") < page.index("This may be so")


def test_the_car_s_page_leads_to_its_driving(driven, see):
    assert "Hybrid Coaching" in see(driven, "vehicle")
    assert DAY


@pytest.mark.parametrize(
    ("concerned", "is_so"), [("nothing named", True), ("the service", True), ("its package", True), ("another", False)]
)
def test_T4_maintenance_that_is_written_down_may_be_the_cause(driven, see, concerned, is_so):
    package = Package.objects.get(code="driving")
    whom = {
        "nothing named": {},
        "the service": {"services": list(package.services.all())},
        "its package": {"packages": [package]},
        "another": {"packages": [make.package("navigation", market=driven.account.market)]},
    }
    incident(kind="maintenance", began_at=june(12), ends_at=june(12, 10), **whom[concerned])
    page = see(driven, "driving_missing", on="2026-06-12")
    maybe, unknown = page.index("This may be so"), page.index("This cannot be known")
    assert (maybe < page.index("Systems were being worked on") < unknown) == is_so
    later = see(driven, "driving_missing", on="2026-06-13")
    assert later.index("Systems were being worked on") > later.index("This cannot be known")


def test_D2_the_page_says_that_privacy_mode_is_on(driven, see, owner):
    on = PrivacyReport(id="p1", vin=driven.vehicle.vin, at=june(12), is_on=True, source="car")
    take_reports(reports={0: on}, now=june(13))
    assert "Privacy Mode is on since 12 June 2026. Trips that end in it are not kept." in see(driven)
    missing = see(driven, "driving_missing", on="2026-06-20")
    assert missing.index("This may be so") < missing.index("A trip ended in Privacy Mode") < missing.index("cannot be")
    end_membership(driven, now=june(14), by=owner)
    assert "Privacy Mode is on" not in see(driven, by=owner)
