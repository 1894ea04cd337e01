import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from accounts.access import member_required, safe_next
from accounts.models import TermsAcceptance, TermsVersion
from tests.accounts.conftest import PASSWORD

OUTSIDE = ["//evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)", "evil.example", "///e"]


def test_a_stranger_signs_in_first_and_comes_back(client, member):
    page = reverse("notices") + "?page=2"
    answer = client.get(page)
    assert answer["Location"] == reverse("account_login") + "?next=/en/account/notices/%3Fpage%3D2"
    signed_in = client.post(answer["Location"], {"login": member.email, "password": PASSWORD, "next": page})
    assert signed_in["Location"] == page


def test_c3_a_newcomer_accepts_the_terms_first_and_comes_back(client, newcomer):
    client.force_login(newcomer)
    answer = client.get(reverse("profile"))
    assert answer["Location"] == reverse("terms_acceptance") + "?next=/en/account/profile/"
    accepted = client.post(reverse("terms_acceptance"), {"version": "1", "next": reverse("profile")})
    assert accepted["Location"] == reverse("profile")
    assert client.get(reverse("profile")).status_code == 200
    assert TermsAcceptance.objects.get().channel == "portal"


def test_a_form_sent_without_a_session_is_not_come_back_to(client, terms):
    assert client.post(reverse("profile"), {"first_name": "x"})["Location"] == reverse("account_login")


def test_who_was_signed_out_meanwhile_is_told_that_nothing_was_saved_and_comes_back_to_the_form(client, terms):
    form = reverse("profile")
    sent = client.post(form, {"first_name": "x"}, headers={"Referer": f"http://testserver{form}"}, follow=True)
    assert sent.redirect_chain[0][0] == reverse("account_login") + f"?next={form}"
    assert "what you sent was not saved" in sent.text
    elsewhere = client.post(form, {}, headers={"Referer": "https://evil.example/en/account/"})
    assert elsewhere["Location"] == reverse("account_login")


def test_a_fragment_asks_the_browser_to_go_to_the_sign_in_page(rf):
    request = rf.get("/fragment/", headers={"hx-request": "true", "hx-current-url": "http://testserver/garage/"})
    request.user, request.htmx = AnonymousUser(), HtmxDetails(request)
    answer = member_required(lambda _: HttpResponse("secret"))(request)
    assert answer["HX-Redirect"] == reverse("account_login") + "?next=/garage/"


def test_a_fragment_with_a_forged_address_is_sent_to_sign_in_all_the_same(client, terms):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://[::1"}
    assert client.get(reverse("account"), headers=headers)["HX-Redirect"] == reverse("account_login")


@pytest.mark.parametrize("target", OUTSIDE)
def test_next_never_leads_out_of_the_site(rf, target):
    assert safe_next(rf.get("/", {"next": target}), "home") == reverse("home")


@pytest.mark.parametrize("target", ["/\x00", "/a\r\nb", "/" + 300 * "a"])
def test_next_is_a_path_that_can_be_kept(rf, target):
    """Going to the provider's page keeps it in a row: neither a NUL nor endless."""
    assert safe_next(rf.get("/", {"next": target}), "home") == reverse("home")


@pytest.mark.parametrize("version", ["\x00", "", "none"])
def test_accepting_terms_that_there_are_not_is_no_error_of_ours(client, newcomer, version):
    client.force_login(newcomer)
    assert client.post(reverse("terms_acceptance"), {"version": version}).status_code == 404


@pytest.mark.parametrize("target", OUTSIDE)
def test_neither_signing_in_nor_accepting_leads_out_of_the_site(client, newcomer, target):
    sign_in = {"login": newcomer.email, "password": PASSWORD, "next": target}
    assert client.post(reverse("account_login"), sign_in)["Location"] == reverse("home")
    assert client.post(reverse("terms_acceptance"), {"version": "1", "next": target})["Location"] == reverse("home")


def test_the_terms_are_shown_with_version_and_without_their_markup(client, newcomer):
    client.force_login(newcomer)
    page = client.get(reverse("terms_acceptance")).content.decode()
    assert "Be &lt;b&gt;kind&lt;/b&gt;." in page
    assert "<h2>Use</h2>" in page
    assert "Version 1" in page


def test_a_version_that_was_replaced_while_reading_is_not_accepted(client, newcomer):
    TermsVersion.objects.create(
        market=newcomer.market, version="2", effective_at=timezone.now(), texts={"en": "Newer words."}
    )
    client.force_login(newcomer)
    page = client.post(reverse("terms_acceptance"), {"version": "1"}).content.decode()
    assert "There is a newer version" in page
    assert "Newer words." in page
    assert not TermsAcceptance.objects.exists()


def test_sign_out_needs_a_post_and_ends_the_session(member_client):
    assert "Do you want to sign out?" in member_client.get(reverse("account_logout")).content.decode()
    member_client.post(reverse("account_logout"))
    assert "_auth_user_id" not in member_client.session


def test_an_inactive_account_is_told_so(client, member):
    member.is_active = False
    member.save(update_fields=["is_active"])
    answer = client.post(reverse("account_login"), {"login": member.email, "password": PASSWORD}, follow=True)
    assert "_auth_user_id" not in client.session
    assert "closed" in answer.content.decode()


def test_a_members_page_shows_moments_by_the_markets_clock(rf, member):
    request = rf.get("/")
    request.user, request.htmx = member, False
    answer = member_required(lambda _: HttpResponse(str(timezone.get_current_timezone())))(request)
    assert answer.content == b"Asia/Nicosia"


def test_guessing_passwords_is_stopped_in_words(client, member):
    wrong = {"login": member.email, "password": "a wrong password"}
    pages = [client.post(reverse("account_login"), wrong).content.decode() for _ in range(6)]
    assert "do not belong together" in pages[0]
    assert "Too many tries" in pages[5]
