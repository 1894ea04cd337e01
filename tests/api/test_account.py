"""A4, N1 over the API: the profile and the inbox."""

import pytest

from accounts.actions.notice_choices import choose_notices
from accounts.models import Notice
from accounts.notices.kinds import KINDS, tell
from portal.models import AuditRecord
from tests import make, oidc

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clients(market):
    oidc.clients()


@pytest.fixture
def app(owner):
    client = oidc.sign_in_app(owner)
    Notice.objects.all().delete()
    return client


def notices_of(account, count: int) -> list[Notice]:
    facts = {"email": "books@example.com", "change": "confirmed", "url": "/en/account/copies/"}
    return [
        Notice.objects.create(
            account=account,
            kind="copies_changed",
            subject_key=str(number),
            event_on=make.NOW.date(),
            facts=facts,
            created_at=make.NOW,
        )
        for number in range(count)
    ]


def make_ended(account) -> Notice:
    facts = {"package_name": "Remote", "ended_on": "2026-06-10", "reason": "cancelled", "url": "/en/subscriptions/"}
    tell(account=account, kind="subscription_ended", subject_key="1", event_on=make.NOW.date(), now=make.NOW, **facts)
    return Notice.objects.get(kind="subscription_ended")


def test_A4_the_account_is_told_as_it_is(owner, app):
    assert app.get("/api/v1/account/").json() == {
        "id": str(owner.public_id),
        "email": owner.email,
        "first_name": "Eleni",
        "last_name": "Georgiou",
        "phone": "",
        "language": "en",
        "market": "CY",
        "has_accepted_terms": True,
    }


def test_A5_the_cars_screen_is_told_neither_address_nor_telephone(owner):
    told = oidc.sign_in_car(owner).get("/api/v1/account/").json()
    assert told["first_name"] == "Eleni"
    assert not {"email", "phone"} & told.keys()


def test_A4_names_and_language_are_changed_and_recorded(owner, app):
    answer = app.patch("/api/v1/account/", json={"first_name": "Maria", "language": "el"})
    assert (answer.json()["first_name"], answer.json()["language"]) == ("Maria", "el")
    owner.refresh_from_db()
    assert owner.last_name == "Georgiou"
    assert AuditRecord.objects.get(what="profile_changed").data == {"fields": ["first_name", "language"]}


def test_A4_nothing_else_of_an_account_can_be_set(owner, app):
    app.patch("/api/v1/account/", json={"email": "x@example.com", "is_staff": True, "is_superuser": True, "id": "1"})
    owner.refresh_from_db()
    assert (owner.email, owner.is_staff, owner.is_superuser) == ("owner@example.com", False, False)


def test_W1_a_card_number_is_refused(app, owner):
    answer = app.patch("/api/v1/account/", json={"last_name": "4242 4242 4242 4242"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "last_name"


def test_N1_the_car_gets_what_ends_there_and_each_caller_what_is_wanted_there(owner, app):
    notices_of(owner, 1)
    car = oidc.sign_in_car(owner)
    ended = make_ended(owner)
    kinds = [[each["kind"] for each in caller.get("/api/v1/notices/").json()["results"]] for caller in (app, car)]
    assert kinds == [["sign_in_changed", "subscription_ended", "copies_changed"], ["subscription_ended"]]
    assert car.post(f"/api/v1/notices/{Notice.objects.get(kind='copies_changed').public_id}/read/").status_code == 404
    topic = KINDS["copies_changed"].topic
    choose_notices(account=owner, wanted={(topic, "app"): False}, now=make.NOW, by=owner)
    assert str(ended.public_id) == app.get("/api/v1/notices/").json()["results"][0]["id"]


def test_N1_notices_come_newest_first_a_page_at_a_time_and_none_twice(owner, app):
    made = notices_of(owner, 5)
    seen, address = [], "/api/v1/notices/?limit=2"
    while address:
        page = app.get(address).json()
        seen += [row["id"] for row in page["results"]]
        address = page["next"]
    assert seen == [str(notice.public_id) for notice in reversed(made)]


def test_N1_a_notice_that_comes_meanwhile_shifts_nothing(owner, app):
    made = notices_of(owner, 3)
    first = app.get("/api/v1/notices/?limit=2").json()
    Notice.objects.create(
        account=owner,
        kind="copies_changed",
        subject_key="new",
        event_on=make.NOW.date(),
        facts=made[0].facts,
        created_at=make.NOW.replace(hour=12),
    )
    second = app.get(first["next"]).json()
    assert [row["id"] for row in second["results"]] == [str(made[0].public_id)]


def test_N1_a_notice_has_its_words_in_the_callers_language(owner, app):
    notices_of(owner, 1)
    in_english, in_greek = (
        app.get("/api/v1/notices/", headers={"Accept-Language": language}).json()["results"][0]
        for language in ("en", "el")
    )
    assert in_english["subject"] == "Copies of your documents go to one more address"
    assert in_greek["subject"] != in_english["subject"]
    assert in_greek["link"] == f"{oidc.SITE}/el/account/copies/"
    assert in_english["importance"] == "service"


def test_N1_reading_one_marks_it_once(owner, app):
    notice = notices_of(owner, 1)[0]
    first, second = (app.post(f"/api/v1/notices/{notice.public_id}/read/").json() for _ in range(2))
    assert first["read_at"] is not None
    assert first == second


def test_law_11_a_strangers_notice_is_not_there(stranger, app):
    notice = notices_of(stranger, 1)[0]
    assert app.post(f"/api/v1/notices/{notice.public_id}/read/").status_code == 404
    assert app.get("/api/v1/notices/").json()["results"] == []
    assert Notice.objects.get().read_at is None


def test_N1_a_list_is_read_without_a_query_for_each(owner, app, django_assert_max_num_queries):
    notices_of(owner, 20)
    with django_assert_max_num_queries(6):
        assert len(app.get("/api/v1/notices/").json()["results"]) == 20


def test_a_place_in_the_list_that_is_none_is_a_problem(app):
    for after in ("nonsense", "3f0c8f4e-0000-4000-8000-000000000000"):
        answer = app.get("/api/v1/notices/", params={"after": after})
        assert (answer.status_code, answer.json()["code"]) == (404, "page_unknown")


@pytest.mark.parametrize(("limit", "shown"), [("0", 1), ("2", 2), ("999999", 3), ("9" * 40, 3), ("-1", 3), ("x", 3)])
def test_a_page_has_its_limits(owner, app, limit, shown):
    notices_of(owner, 3)
    assert len(app.get("/api/v1/notices/", params={"limit": limit}).json()["results"]) == shown
