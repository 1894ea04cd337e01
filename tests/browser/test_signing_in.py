"""A3: second step, recovery codes, passkeys, devices and links of mails in a browser."""

import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from playwright.sync_api import Browser, expect

from accounts.models import Account
from tests.browser.test_journey import EMAIL, PASSWORD, register, sign_in
from tests.browser.visitor import Visitor, deliver, link_in_mail
from tests.staff import PERIOD, code_of, give_app

pytestmark = pytest.mark.browser
NEW = "a quieter harbour 78"


def test_A3_the_second_step_recovery_codes_and_devices(visitor, browser, site):
    register(visitor)
    key, codes = set_up_the_app(visitor)
    sign_out(visitor)
    sign_in(visitor, heading="The second step")
    enter(visitor, "000 000", heading="The second step")
    visitor.reads("This code is not right")
    enter(visitor, code_of(key), heading="Good day")
    sign_out(visitor)
    sign_in(visitor, heading="The second step")
    enter(visitor, codes[0], heading="Good day")
    visitor.open("/en/account/security/", heading="Security")
    visitor.reads("9 codes are left.")
    sign_out_others(visitor, browser, site, code=codes[1])
    give_up_the_app(visitor)


def set_up_the_app(visitor: Visitor) -> tuple[str, list[str]]:
    visitor.open("/en/account/", heading="Account")
    visitor.follow("Security", heading="Security")
    visitor.follow("Set up an app", heading="Please sign in again")
    visitor.type(password=PASSWORD)
    visitor.press("Go on", heading="Set up an authenticator app")
    key = visitor.page.locator(".key").inner_text()
    assert visitor.page.locator("img.qr").evaluate("picture => picture.naturalWidth") > 100
    # The code of the step before, so that this one's is still to be used; but not one that is just going out of use.
    if (left := PERIOD - time.time() % PERIOD) < 5:
        time.sleep(left)
    enter(visitor, code_of(key, steps=-1), heading="Recovery codes", button="Use this app")
    codes = visitor.page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10
    assert saved_file(visitor) == [code.replace(" ", "") for code in codes]
    visitor.follow("I have kept them", heading="Security")
    visitor.reads("In use since", "10 codes are left.")
    return key, codes


def saved_file(visitor: Visitor) -> list[str]:
    with visitor.page.expect_download() as download:
        visitor.click(visitor.page.get_by_role("link", name="Save as a file"))
    assert download.value.suggested_filename == "recovery-codes.txt"
    return download.value.path().read_text().split()


def enter(visitor: Visitor, code: str, *, heading: str, button: str = "Sign in") -> None:
    visitor.type(code=code)
    visitor.click(visitor.page.locator("main").get_by_role("button", name=button, exact=True))
    visitor.look(heading)


def sees_passkeys_only_with_script(visitor: Visitor) -> None:
    button = visitor.page.get_by_role("button", name="Sign in with a passkey")
    expect(button).to_be_visible(visible=visitor.has_script)
    expect(visitor.page.locator("[data-passkey-failed]")).to_be_hidden()


def sign_out(visitor: Visitor) -> None:
    visitor.open("/en/account/logout/", heading="Sign out")
    visitor.click(visitor.page.locator("main").get_by_role("button", name="Sign out"))
    visitor.look("Your car, its services")
    visitor.open("/en/account/login/", heading="Sign in")
    sees_passkeys_only_with_script(visitor)


def sign_out_others(visitor: Visitor, browser: Browser, site: str, *, code: str) -> None:
    there = Visitor(browser.new_context(base_url=site, locale="en-GB").new_page(), has_script=True)
    there.open("/en/account/login/", heading="Sign in")
    sign_in(there, heading="The second step")
    enter(there, code, heading="Good day")
    visitor.open("/en/account/devices/", heading="Signed-in devices")
    visitor.reads("Chrome on Linux", "This device", "Last seen")
    visitor.press("Sign out all other devices", heading="Please sign in again")
    visitor.type(password=PASSWORD)
    visitor.press("Go on", heading="Signed-in devices")
    visitor.press("Sign out all other devices", heading="Signed-in devices")
    visitor.reads("1 device is signed out.")
    there.open("/en/account/", heading="Sign in")
    there.page.context.close()


def give_up_the_app(visitor: Visitor) -> None:
    visitor.open("/en/account/security/", heading="Security")
    visitor.follow("Make new codes", heading="Make new recovery codes")
    visitor.press("Make new codes", heading="Recovery codes")
    visitor.open(reverse("mfa_view_recovery_codes"), heading="Recovery codes")
    visitor.reads("not shown again")
    visitor.open("/en/account/security/", heading="Security")
    visitor.follow("Stop using the app", heading="Stop using the authenticator app")
    visitor.press("Stop using the app", heading="Security")
    visitor.reads("Set up an app")


def test_A1_A3_links_that_do_not_work_show_the_way_on(visitor):
    register(visitor)
    sign_out(visitor)
    visitor.open(link_in_mail(EMAIL, "confirm"), heading="This link has been used")
    visitor.open("/en/account/confirm-email/forged/", heading="This link is not complete")
    visitor.follow("Ask for a new link", heading="New activation link")
    visitor.open("/en/account/password/reset/", heading="Reset your password")
    visitor.type(email=EMAIL)
    visitor.press("Send the link", heading="Check your mail")
    link = link_in_mail(EMAIL, "Choose a new password")
    visitor.open(link[:-5] + "/", heading="This link is not complete")
    visitor.open(link, heading="Choose a new password")
    visitor.type(password1=NEW, password2=NEW)
    visitor.press("Save the new password", heading="Your password is changed")
    visitor.open(link, heading="This link has been used")
    visitor.follow("Ask for a new link", heading="Reset your password")


@pytest.fixture
def on_a_device(browser: Browser, site: str) -> Iterator[Visitor]:
    """A telephone that keeps passkeys, and lets its owner unlock them."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB", base_url=site)
    visitor = Visitor(context.new_page(), has_script=True)
    device = context.new_cdp_session(visitor.page)
    device.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    able = {"isUserVerified": True, "automaticPresenceSimulation": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": kind | able})
    yield visitor
    context.close()
    assert visitor.complaints == []


def test_A3_a_passkey_signs_in_beside_the_password(on_a_device):
    register(on_a_device)
    on_a_device.open("/en/account/security/", heading="Security")
    on_a_device.follow("Add a passkey", heading="Please sign in again")
    on_a_device.type(password=PASSWORD)
    on_a_device.press("Go on", heading="Add a passkey")
    on_a_device.type(name="my telephone")
    on_a_device.press("Add a passkey", heading="Recovery codes")
    on_a_device.follow("I have kept them", heading="Security")
    on_a_device.reads("my telephone", "Not used yet.")
    sign_out(on_a_device)
    on_a_device.press("Sign in with a passkey", heading="Good day")
    sign_out(on_a_device)
    sign_in(on_a_device, heading="The second step")
    on_a_device.press("Use a passkey", heading="Good day")
    on_a_device.open("/en/account/security/", heading="Security")
    on_a_device.reads("Last used on")
    rename_and_remove(on_a_device)
    deliver()
    assert not Authenticator.objects.exists()


def rename_and_remove(visitor: Visitor) -> None:
    visitor.follow("Rename", heading="Please sign in again")
    visitor.click(visitor.page.get_by_role("link", name="passkey"))
    visitor.look("Please confirm that it is you")
    visitor.press("Use a passkey", heading="Rename the passkey")
    visitor.type(name="the old telephone")
    visitor.press("Save the name", heading="Security")
    visitor.reads("the old telephone")
    visitor.follow("Remove", heading="Remove the passkey")
    visitor.press("Remove", heading="Security")
    visitor.reads("The passkey is removed.")


def test_K1_staff_come_to_the_admin_by_password_and_code(visitor):
    register(visitor)
    sign_out(visitor)
    Account.objects.filter(email=EMAIL).update(is_staff=True, is_superuser=True)
    visitor.page.goto("/admin/")
    visitor.look("Sign in")
    sign_in(visitor, heading="Security")
    visitor.reads("Staff sign in with a second step")
    key = give_app(Account.objects.get(email=EMAIL))
    visitor.page.goto("/admin/")
    visitor.look("Please confirm that it is you")
    visitor.type(code=code_of(key))
    visitor.click(visitor.page.get_by_role("button", name="Go on"))
    expect(visitor.page).to_have_url(re.compile(r"/admin/$"))
