"""Walks a freshly made demo over HTTP: from signing up to an order, and to the charge that the worker collects, and the
customer centre.

    python -m tests.demo_walk http://localhost:8000

Prints each step; ends with 1 and what the page said at the first that fails. A car has one active account, so the walk
takes the same demo once.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import httpx

from tests.demo_walk.browser import Page, Visitor, WalkError, expect

MARKET_ZONE = ZoneInfo("Asia/Nicosia")
# What the demo prints when it is ready.
SAMPLE_PASSWORD = "olive-harbour-42"
PASSWORD = "quiet-harbour-77"
VIN, ODOMETER_KM = "jthsamplecy 900007", "52401"
CARD = {"number": "4242 4242 4242 4242", "expiry": "12/40", "cvc": "123", "name": "Elena Walker"}
MAIL_PATIENCE_SECONDS = 40
# What the demo promises.
CHARGE_PATIENCE_SECONDS = 120


def main(site: str) -> None:
    began_at = datetime.now(UTC)
    newcomer = Visitor(site)
    sign_up(newcomer, email=f"walker{began_at:%H%M%S}@example.com")
    add_car(newcomer)
    order(newcomer)
    see_charge(Visitor(site), began_at=began_at)
    open_the_desk(Visitor(site))
    say("Walked.")


def sign_up(visitor: Visitor, *, email: str) -> None:
    say("Register")
    page = visitor.open("/en/account/signup/")
    visitor.press(page, "Register", email=email, password1=PASSWORD)
    say("Read the activation mail")
    mails = until(lambda: mail_to(visitor, email), patience=MAIL_PATIENCE_SECONDS, what="the activation mail")
    mail = visitor.open(mails.link_to("/demo/mail/"))
    say("Confirm the address")
    page = visitor.press(visitor.open(mail.link_to("confirm-email")), "Confirm")
    if "/login/" in page.url:
        say("Sign in")
        page = visitor.press(page, "Sign in", login=email, password=PASSWORD)
    say("Accept the Terms")
    visitor.press(visitor.open("/en/garage/"), "I accept the Terms of Use")


def mail_to(visitor: Visitor, email: str) -> Page | None:
    page = visitor.open(f"/demo/mail/?to={email}")
    return page if email in page.text and any("/demo/mail/" in href for href, _ in page.links) else None


def add_car(visitor: Visitor) -> None:
    say("Add a car by its VIN")
    page = visitor.press(visitor.open("/en/garage/cars/new/"), "Add the car", vin=VIN)
    say("Prove access by the odometer")
    page = visitor.press(expect(page, "LC 500"), "Compare the reading", reading=ODOMETER_KM)
    expect(page, "Access is proved")


def order(visitor: Visitor) -> None:
    say("Choose a package and a plan")
    page = visitor.open(visitor.open("/en/services/").link_to("/navigation/order/"))
    page = visitor.press(page, "Go on", term="yearly")
    say("Enter the billing address")
    address = {"name": "Elena Walker", "address_line_1": "Makariou III 1", "postcode": "1065", "town": "Nicosia"}
    page = visitor.press(page, "Save and go on", **address)
    say("Enter a card on the provider's page")
    page = visitor.press(page, "Add a card")
    page = visitor.press(page, "Continue", **CARD)
    say("Confirm at the bank, and come back")
    page = visitor.press(page, "Confirm", answer="confirm")
    say("Read the summary")
    page = expect(visitor.open(page.link_to("/summary/")), "€99.00", "€15.81", "4242")
    say("Order")
    expect(visitor.press(page, "Order with obligation to pay"), "Navigation is being activated", "€99.00")


def see_charge(visitor: Visitor, *, began_at: datetime) -> None:
    say("Sign in as due@example.com")
    page = visitor.open("/en/account/login/")
    visitor.press(page, "Sign in", login="due@example.com", password=SAMPLE_PASSWORD)
    say("Wait until the worker has charged what fell due")
    today = {f"{moment.astimezone(MARKET_ZONE):%Y-%m-%d}" for moment in (began_at, datetime.now(UTC))}
    documents = until(
        lambda: documents_of(visitor, today), patience=CHARGE_PATIENCE_SECONDS, what="an invoice dated today"
    )
    say("Open its PDF")
    content = visitor.fetch(documents.link_to(".pdf"))
    if not content.startswith(b"%PDF-"):
        raise documents.unexpected("the invoice is no PDF")


def open_the_desk(visitor: Visitor) -> None:
    say("Sign in as agent@example.com, with the code that the demo's command shows")
    page = visitor.press(visitor.open("/admin/"), "Sign in", login="agent@example.com", password=SAMPLE_PASSWORD)
    command = [sys.executable, "manage.py", "demo_code"]
    code = subprocess.run(command, env=os.environ | {"PORTAL_MODE": "demo"}, capture_output=True, check=True, text=True)
    visitor.press(expect(page, "The second step"), "Sign in", code=code.stdout.strip())
    say("Open the customer centre")
    expect(visitor.open("/admin/subscriptions/subscription/"), "Subscriptions")


def documents_of(visitor: Visitor, days: set[str]) -> Page | None:
    page = expect(visitor.open("/en/payments/documents/"), "Digital Key", "€60.00")
    return page if days & set(page.dates) else None


def until(look: Callable[[], Page | None], *, patience: int, what: str) -> Page:
    """What `look` finds, looked for every second. Raises `WalkError` after `patience` seconds."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(1)
    raise WalkError(f"{what} did not come within {patience} seconds")


def say(step: str) -> None:
    print(f"{datetime.now():%H:%M:%S}  {step}", flush=True)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (WalkError, httpx.HTTPError) as error:
        sys.exit(f"The walk stopped: {error!r}" if isinstance(error, httpx.HTTPError) else f"The walk stopped: {error}")
