"""A5: the owner sees which apps and cars are signed in, and signs them out."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.idp.oidc.models import Token
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actions import sign_ins
from accounts.actions.sign_ins import drop_what_is_over
from accounts.models import Account, SignIn, SpentToken
from portal.models import AuditRecord
from tests import make, oidc
from tests.staff import sign_in_at_the_desk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clients(market):
    oidc.clients()


def end(browser, sign_in: SignIn):
    return browser.post(reverse("sign_in_end", args=[sign_in.public_id]))


def test_A5_the_list_names_app_and_car_with_what_they_may_do(owner, stranger, django_assert_max_num_queries):
    oidc.sign_in_app(owner)
    oidc.sign_in_car(owner, device_name="NX in the garage")
    oidc.sign_in_car(stranger, device_name="Somebody else’s")
    browser = oidc.browser_of(owner)
    with django_assert_max_num_queries(9):
        page = browser.get(reverse("sign_ins")).text
    for words in ("Lexus Link+ app", "Lexus multimedia: NX in the garage", "Change your name, telephone and language"):
        assert words in page
    assert "Somebody else" not in page


def test_A5_an_empty_list_says_how_to_sign_in(owner):
    assert "a car shows a code" in oidc.browser_of(owner).get(reverse("sign_ins")).text


def test_A5_signing_one_out_ends_its_tokens_at_once_and_no_others(owner):
    app, car = oidc.sign_in_app(owner), oidc.sign_in_car(owner)
    page = end(oidc.browser_of(owner), SignIn.objects.get(client_id=oidc.CAR))
    assert page.status_code == 302
    assert car.get("/api/v1/account/").status_code == 401
    assert app.get("/api/v1/account/").status_code == 200
    with pytest.raises(Exception, match="invalid_grant"):
        car.refresh_token("/identity/token")


def test_A5_it_is_audited_and_the_owner_is_told(owner):
    oidc.sign_in_car(owner)
    end(oidc.browser_of(owner), SignIn.objects.get())
    written = AuditRecord.objects.get(what="client_signed_out")
    assert (written.account, written.by, written.data["why"]) == (owner, owner, "revoked")
    told = owner.notices.filter(kind="sign_in_changed").values_list("facts__change", flat=True)
    assert sorted(told) == ["begun", "revoked"]


def test_A5_a_second_time_changes_nothing(owner):
    oidc.sign_in_car(owner)
    for _ in range(2):
        assert end(oidc.browser_of(owner), SignIn.objects.get()).status_code == 302
    assert AuditRecord.objects.filter(what="client_signed_out").count() == 1


def test_A5_a_stranger_signs_nothing_out(owner, stranger):
    car = oidc.sign_in_car(owner)
    assert end(oidc.browser_of(stranger), SignIn.objects.get()).status_code == 404
    assert car.get("/api/v1/account/").status_code == 200


def test_A5_use_is_noted(owner):
    car = oidc.sign_in_car(owner)
    SignIn.objects.update(last_used_at=make.NOW)
    car.get("/api/v1/account/")
    assert SignIn.objects.get().last_used_at > timezone.now() - timedelta(minutes=1)


def test_A3_a_new_password_signs_apps_and_cars_out(owner):
    car = oidc.sign_in_car(owner)
    form = {"oldpassword": make.PASSWORD, "password1": "new-olive-harbour-42", "password2": "new-olive-harbour-42"}
    oidc.browser_of(owner).post(reverse("account_change_password"), form)
    assert car.get("/api/v1/account/").status_code == 401
    assert SignIn.objects.get().ended_why == SignIn.PASSWORD


def test_A5_a_disabled_account_has_no_apps_and_no_change_of_address_when_it_is_opened_again(owner):
    car = oidc.sign_in_car(owner)
    EmailAddress.objects.create(user=owner, email="wanted@example.com")
    chief = Account.objects.create_superuser("chief@example.com", make.PASSWORD)
    desk = sign_in_at_the_desk(Client(), chief)
    prefixes = ("emailaddress_set", "billing_profile", "copy_addresses", "terms_acceptances")
    inlines = {f"{prefix}-{name}_FORMS": 0 for prefix in prefixes for name in ("TOTAL", "INITIAL")}
    url = reverse("admin:accounts_account_change", args=[owner.pk])
    for rights in ({}, {"is_active": "on"}):
        assert desk.post(url, rights | inlines).status_code == 302
    owner.refresh_from_db()
    assert owner.is_active
    assert car.get("/api/v1/account/").status_code == 401
    assert AuditRecord.objects.get(what="client_signed_out").by == chief
    assert not EmailAddress.objects.filter(email="wanted@example.com").exists()


def test_A5_what_is_over_goes_at_night(owner):
    car = oidc.sign_in_car(owner)
    car.refresh_token("/identity/token")
    later = timezone.now() + timedelta(days=91)
    drop_what_is_over(now=later - timedelta(days=2))
    assert SignIn.objects.get().ended_at is None
    drop_what_is_over(now=later)
    assert SignIn.objects.get().ended_why == SignIn.EXPIRED
    assert not SpentToken.objects.exists()


def test_A5_however_often_it_is_renewed_a_sign_in_ends_after_a_year(owner):
    app, begun_at = oidc.sign_in_app(owner), timezone.now()
    for days in (89, 178, 267, 356):
        with time_machine.travel(begun_at + timedelta(days=days)):
            app.refresh_token("/identity/token")
    drop_what_is_over(now=begun_at + timedelta(days=364))
    assert SignIn.objects.get().ended_at is None
    drop_what_is_over(now=begun_at + timedelta(days=365, hours=1))
    assert SignIn.objects.get().ended_why == SignIn.EXPIRED
    with pytest.raises(Exception, match="invalid_grant"):
        app.refresh_token("/identity/token")


def test_A5_the_providers_address_for_signing_out_asks_first(owner):
    browser = oidc.browser_of(owner)
    asked = browser.get("/identity/logout", {"id_token_hint": "x", "post_logout_redirect_uri": "https://evil.example"})
    assert asked["Location"] == reverse("account_logout")
    assert "Do you want to sign out?" in browser.get(asked["Location"]).text
    assert "_auth_user_id" in browser.session


def test_A5_a_row_that_cannot_be_ended_stops_none_of_the_others(owner, caplog):
    for name in ("bad", "good"):
        oidc.sign_in_car(owner, device_name=name)
    bad, good = SignIn.objects.order_by("label")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE accounts_signin ADD CHECK (id <> {bad.pk} OR ended_at IS NULL)")
    drop_what_is_over(now=timezone.now() + timedelta(days=91))
    assert SignIn.objects.get(pk=good.pk).ended_why == SignIn.EXPIRED
    assert SignIn.objects.get(pk=bad.pk).ended_at is None
    assert f"end_sign_in failed: {bad.pk}" in caplog.text


def test_A5_tokens_that_are_over_go_a_few_at_a_time(owner, monkeypatch):
    monkeypatch.setattr(sign_ins, "AT_A_TIME", 2)
    for _ in range(3):
        oidc.sign_in_car(owner)
    with CaptureQueriesContext(connection) as queries:
        drop_what_is_over(now=timezone.now() + timedelta(days=91))
    deletions = [query["sql"] for query in queries if 'DELETE FROM "allauth_idp_oidc_token"' in query["sql"]]
    assert len(deletions) == 3
    assert not Token.objects.exists()


def test_A5_the_file_of_clients_loaded_twice_changes_nothing(capsys):
    call_command("load_clients", str(oidc.FILE))
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == [f"Client {oidc.APP}: unchanged", f"Client {oidc.CAR}: unchanged"]
    assert all(line.endswith(": unchanged") for line in said)


def test_A5_the_file_of_clients_is_read_strictly(tmp_path):
    file = tmp_path / "clients.yaml"
    file.write_text(
        oidc.FILE.read_text()
        .replace("com.example.lexuslink:/signed-in", "http://evil.example/")
        .replace("[openid, profile, account.read, notices, services.status]", "[profile, staff]")
    )
    with pytest.raises(CommandError) as refused:
        call_command("load_clients", str(file))
    assert "no address that an app can own" in str(refused.value)
    assert "staff" in str(refused.value)
    assert "needs openid" in str(refused.value)


def test_A5_a_changed_client_is_changed(tmp_path, capsys):
    file = tmp_path / "clients.yaml"
    file.write_text(oidc.FILE.read_text().replace("Lexus multimedia", "Lexus screen"))
    call_command("load_clients", str(file))
    assert f"Client {oidc.CAR}: changed" in capsys.readouterr().out


def test_L1_who_can_reach_a_car_shows_apps_and_cars_and_ends_them(owner, car):
    oidc.sign_in_app(owner)
    oidc.sign_in_car(owner, device_name="NX in the garage")
    browser = oidc.browser_of(owner)
    page = browser.get(reverse("reach", args=[car.public_id])).text
    assert "Lexus Link+ app" in page
    assert "“NX in the garage”" in page
    ended = SignIn.objects.get(label="NX in the garage")
    assert reverse("sign_in_end", args=[ended.public_id]) in page
    end(browser, ended)
    assert "“NX in the garage”" not in browser.get(reverse("reach", args=[car.public_id])).text
