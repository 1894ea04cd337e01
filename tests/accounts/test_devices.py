"""A3, ASVS 7: signed-in devices, how long a session lasts, and what ends it."""

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.browsers import browser_in_words
from accounts.sessions import devices_of
from portal.models import AuditRecord
from portal.tasks import clear_sessions
from tests.accounts.conftest import PASSWORD
from tests.staff import give_app, sign_in_at_the_desk

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1"
EDGE = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"


def signed_in(account, user_agent=FIREFOX):
    client = Client(headers={"user-agent": user_agent})
    client.post(reverse("account_login"), {"login": account.email, "password": PASSWORD})
    assert is_in(client)
    return client


def again(client):
    """Signs in again, as signing other devices out asks for."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def is_in(client):
    return client.get(reverse("account")).status_code == 200


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (SAFARI, "Safari on iPhone"),
        (EDGE, "Edge on macOS"),
        ("curl/8", "Unknown browser"),
        ("", "Unknown browser"),
        ("Mozilla/5.0 (X11; Linux x86_64)", "Linux"),
    ],
)
def test_a_browser_is_named_in_words(said, words):
    assert browser_in_words(said) == words


def test_A3_the_list_names_each_device_and_marks_this_one(member):
    here = signed_in(member)
    signed_in(member, SAFARI)
    page = here.get(reverse("devices")).text
    assert page.index("Firefox on Windows") < page.index("This device") < page.index("Safari on iPhone")
    assert page.count("Last seen") == 2


def test_A3_the_list_takes_the_same_queries_for_one_device_and_for_many(member):
    here, counts = signed_in(member), []
    for _more in range(2):
        with CaptureQueriesContext(connection) as queries:
            here.get(reverse("devices"))
        counts.append(len(queries))
        for browser in (SAFARI, EDGE):
            signed_in(member, browser)
    assert counts[0] == counts[1]


def test_A3_twenty_devices_are_a_page_and_this_one_is_the_first(member):
    here = signed_in(member)
    now = timezone.now()
    for number in range(20):
        elsewhere = Client().session
        elsewhere.update(here.session.items())
        elsewhere.save()
        UserSession.objects.create(
            user=member, session_key=elsewhere.session_key, ip="192.0.2.1", last_seen_at=now, user_agent=f"{number}"
        )
    first, second = (here.get(reverse("devices"), {"page": page}).text for page in (1, 2))
    assert (first.count("Last seen"), second.count("Last seen")) == (20, 1)
    assert "This device" in first
    assert "This device" not in second
    assert "Sign out all other devices" in second
    assert here.get(reverse("devices"), {"page": "none"}).status_code == 200


def test_A3_a_device_that_a_new_password_or_the_time_signed_out_is_not_listed(member):
    here, there, elsewhere = signed_in(member), signed_in(member, SAFARI), signed_in(member, EDGE)
    there.session.delete()
    Session.objects.filter(pk=elsewhere.session.session_key).update(expire_date=timezone.now())
    page = here.get(reverse("devices")).text
    assert ("Firefox" in page, "Safari" in page, "Edge" in page) == (True, False, False)
    assert UserSession.objects.count() == 1
    member.set_password("another and better one")
    member.save(update_fields=["password"])
    assert devices_of(member, now=timezone.now()) == []


def test_A3_one_device_is_signed_out(member):
    here, there, elsewhere = signed_in(member), signed_in(member, SAFARI), signed_in(member, EDGE)
    row = UserSession.objects.get(user_agent=SAFARI)
    again(here)
    here.post(reverse("devices"), {"device": row.pk})
    assert [is_in(client) for client in (here, there, elsewhere)] == [True, False, True]
    assert AuditRecord.objects.get(what="sessions_ended").data == {"number": 1}


def test_A3_all_others_are_signed_out(member):
    here, there, elsewhere = signed_in(member), signed_in(member, SAFARI), signed_in(member, EDGE)
    again(here)
    page = here.post(reverse("devices"), {"others": "all"}, follow=True).text
    assert "2 devices are signed out." in page
    assert [is_in(client) for client in (here, there, elsewhere)] == [True, False, False]


def test_law_11_nobody_signs_out_a_strangers_device(member, newcomer):
    theirs = Client()
    theirs.post(reverse("account_login"), {"login": newcomer.email, "password": PASSWORD})
    row = UserSession.objects.get(user=newcomer)
    here = signed_in(member)
    again(here)
    own = UserSession.objects.get(user=member)
    for chosen in (row.pk, own.pk, "9" * 30, "x", ""):
        assert here.post(reverse("devices"), {"device": chosen}).status_code == 404
    assert "_auth_user_id" in theirs.session


def test_a_new_session_id_at_sign_in(client, member):
    """ASVS 7.2.4: whoever planted a session before the sign-in has nothing of it afterwards."""
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = "x"
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    client.post(reverse("account_login"), {"login": member.email, "password": PASSWORD})
    assert client.session.session_key != before
    assert "_auth_user_id" in client.session


def test_a_new_session_id_after_signing_in_again_and_the_same_device(member):
    """ASVS 7.2.4: who has seen the old one has nothing of it, and is at none of the pages that ask once more."""
    here, seen = signed_in(member), Client()
    seen.cookies["sessionid"] = here.session.session_key
    assert is_in(seen)
    again(here)
    assert [is_in(here), is_in(seen)] == [True, False]
    assert UserSession.objects.get().session_key == here.session.session_key
    assert AuditRecord.objects.get(what="signed_in_again", account=member).data == {"ways": ["password"]}


def test_an_open_browser_alone_signs_no_other_device_out(member):
    """ASVS 7.5.2."""
    here, there = signed_in(member), signed_in(member, SAFARI)
    row = UserSession.objects.get(user_agent=SAFARI)
    for asked in ({"others": "all"}, {"device": row.pk}):
        answer = here.post(reverse("devices"), asked)
        assert answer["Location"] == f"{reverse('account_reauthenticate')}?next={reverse('devices')}"
    assert is_in(there)


def test_whoever_changes_the_second_step_is_led_to_the_other_devices(member):
    """ASVS 7.4.3."""
    here = signed_in(member)
    again(here)
    give_app(member)
    page = here.post(reverse("mfa_deactivate_totp"), follow=True)
    assert reverse("devices") in page.text


def test_signing_out_ends_the_session_and_clears_the_browser(member):
    here = signed_in(member)
    answer = here.post(reverse("account_logout"))
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_in(here)
    assert AuditRecord.objects.filter(what="signed_out", account=member).exists()


def test_a_new_password_ends_every_session(member):
    here, there = signed_in(member), signed_in(member, SAFARI)
    new = {"oldpassword": PASSWORD, "password1": "another and better one", "password2": "another and better one"}
    here.post(reverse("account_change_password"), new)
    assert [is_in(here), is_in(there)] == [False, False]
    assert not UserSession.objects.exists()


def test_a_disabled_account_is_signed_out_and_stays_so(member, market):
    chief = type(member).objects.create_superuser("chief@example.com", PASSWORD)
    here, desk = signed_in(member), sign_in_at_the_desk(Client(), chief)
    prefixes = ("emailaddress_set", "billing_profile", "copy_addresses", "terms_acceptances")
    inlines = {f"{prefix}-{name}_FORMS": 0 for prefix in prefixes for name in ("TOTAL", "INITIAL")}
    url = reverse("admin:accounts_account_change", args=[member.pk])
    assert desk.post(url, inlines).status_code == 302
    assert not is_in(here)
    desk.post(url, {"is_active": "on", **inlines})
    assert not is_in(here)
    ended = AuditRecord.objects.get(what="sessions_ended", account=member)
    assert ended.by == chief


@pytest.mark.parametrize(("unused", "stays"), [(timedelta(hours=23), True), (timedelta(hours=25), False)])
def test_a_session_that_is_not_used_ends(member, unused, stays):
    here = signed_in(member)
    with time_machine.travel(timezone.now() + unused):
        answer = here.get(reverse("account"), follow=True)
    assert ("signed out after a while" not in answer.text) is stays
    assert (answer.redirect_chain == []) is stays


def test_a_session_ends_after_its_life_however_it_is_used(member):
    here, began_at = signed_in(member), timezone.now()
    for days in range(1, 28):
        with time_machine.travel(began_at + timedelta(hours=12 * days)):
            assert is_in(here)
    with time_machine.travel(began_at + timedelta(days=14, minutes=1)):
        assert not is_in(here)
    assert AuditRecord.objects.filter(what="session_expired", account=member).exists()


def test_activity_is_written_down_once_a_minute(member, django_assert_num_queries):
    here = signed_in(member)
    seen_at = UserSession.objects.get().last_seen_at
    is_in(here)
    assert UserSession.objects.get().last_seen_at == seen_at
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        is_in(here)
    assert UserSession.objects.get().last_seen_at > seen_at


def test_sessions_that_are_over_are_forgotten_at_night(member):
    signed_in(member)
    clear_sessions()
    assert UserSession.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        signed_in(member, SAFARI)
        clear_sessions()
    assert [row.user_agent for row in UserSession.objects.all()] == [SAFARI]


def test_forgetting_sessions_does_not_look_through_all_of_them_for_each(member):
    with CaptureQueriesContext(connection) as queries:
        clear_sessions()
    [query] = [query["sql"] for query in queries if "usersession" in query["sql"]]
    assert "NOT EXISTS" in query
    assert "NOT IN" not in query


def test_a_page_of_somebody_signed_in_stays_in_no_cache(member):
    here = signed_in(member)
    for name in ("account_email", "account_change_password", "security", "home", "account_reauthenticate"):
        assert "no-store" in here.get(reverse(name))["Cache-Control"], name
