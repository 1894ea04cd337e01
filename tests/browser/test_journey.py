"""From the first visit to the refund, in a browser: with JavaScript, and without it."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from portal.models import Market
from subscriptions.actions.run import charging_run
from subscriptions.gateway import get_gateway
from subscriptions.models import Document, Payment, Refund, Subscription
from tests.browser.visitor import Visitor, deliver, link_in_mail

pytestmark = pytest.mark.browser
EMAIL, PASSWORD = "elena@example.com", "quiet-harbour-77"
VIN, ODOMETER = "jthsamplecy 900007", "52401"
ADDRESS = {"name": "Elena Test", "address_line_1": "Makariou 1", "postcode": "1065", "town": "Nicosia"}
CARD = {"number": "4242424242424242", "expiry": "12/40", "cvc": "123", "name": "E Test"}
AMEX = {**CARD, "number": "378282246310005", "cvc": "1234"}


def test_from_the_first_visit_to_the_refund(visitor):
    register(visitor)
    add_a_car(visitor)
    order(visitor)
    with time_machine.travel(timezone.now() + timedelta(days=32)):
        charge(visitor)
        cancel(visitor)


def register(visitor: Visitor) -> None:
    visitor.open("/", heading="Your car, its services")
    visitor.follow("Register", heading="Register")
    visitor.type(email=EMAIL, password1=PASSWORD)
    visitor.press("Register", heading="Check")
    visitor.open(link_in_mail(EMAIL, ""), heading="Confirm your e-mail address")
    visitor.press("Confirm", heading="Sign in")
    sign_in(visitor, heading="Good day")
    visitor.follow("Read and accept", heading="Terms of Use")
    visitor.press("I accept", heading="Good day")


def sign_in(visitor: Visitor, *, heading: str) -> None:
    visitor.type(login=EMAIL, password=PASSWORD)
    visitor.press("Sign in", heading=heading)


def add_a_car(visitor: Visitor) -> None:
    visitor.follow("Add a car", heading="Add a car")
    visitor.type(vin="JTHSAMPLECY9OOOO7")
    visitor.press("Add", heading="Add a car")
    visitor.reads("are the letter O. A VIN has no I, O or Q: use 0 instead.")
    visitor.type(vin=VIN)
    visitor.press("Add", heading="Prove")
    visitor.type(reading="12")
    visitor.press("Compare the reading", heading="Prove")
    visitor.type(reading=ODOMETER)
    visitor.press("Compare the reading", heading="LC 500")
    visitor.reads("Access is proved")
    visitor.open("/en/garage/", heading="My Garage")


def order(visitor: Visitor) -> None:
    visitor.open("/en/services/", heading="Connected")
    visitor.click(visitor.page.locator("#navigation a.button"))
    visitor.look("Navigation: choose a plan")
    visitor.check(visitor.page.locator("[value=yearly]"))
    visitor.press("Go on", heading="Address and card")
    visitor.press("Save and go on", heading="Billing address")
    visitor.type(**ADDRESS)
    visitor.press("Save", heading="Address and card")
    enter_card(visitor, AMEX)
    visitor.reads("This kind of card is not accepted.", "Accepted: Visa, Mastercard (credit cards).")
    enter_card(visitor, CARD)
    visitor.reads("4242 was added")
    visitor.follow("Go on to the summary", heading="Summary")
    visitor.press("Order with obligation to pay", heading="Navigation is being activated")
    visitor.reads("99.00", first_charge())
    visitor.page.go_back()
    visitor.look("Navigation")
    visitor.reads("You have ordered Navigation already.")
    assert Subscription.objects.count() == 1


def first_charge() -> str:
    due = Subscription.objects.get().next_charge_on
    return f"{due.day} {due:%B %Y}"


def enter_card(visitor: Visitor, card: dict[str, str]) -> None:
    visitor.press("Add a card", heading="card")
    for field, text in card.items():
        visitor.write(visitor.page.locator(f"#{field}"), text)
    visitor.click(visitor.page.locator("button.primary"))
    visitor.look("")
    visitor.press("Confirm", heading="Address and card")


def charge(visitor: Visitor) -> None:
    """A month later; the session has ended long ago."""
    charging_run(market=Market.objects.get(), now=timezone.now(), gateway=get_gateway())
    deliver()
    assert Payment.objects.count() == 1
    visitor.page.goto("/en/payments/documents/")
    sign_in(visitor, heading="Invoices and credit notes")
    visitor.reads("99.00", Document.objects.get().number)
    pdf = visitor.page.request.get(
        visitor.page.get_by_role("link", name=f"PDF {Document.objects.get().number}").get_attribute("href")
    )
    assert (pdf.status, pdf.body()[:4]) == (200, b"%PDF")
    assert pdf.body() in [content for sent in mail.outbox for _name, content, _type in sent.attachments]


def cancel(visitor: Visitor) -> None:
    visitor.open("/en/services/subscriptions/", heading="Subscriptions")
    visitor.click(visitor.page.locator("main a.card, main .card a").first)
    visitor.look("Navigation")
    visitor.follow("Cancel", heading="Cancel Navigation", exact=True)
    visitor.reads("90.75")
    visitor.press("Cancel, ending on", heading="Navigation")
    visitor.reads("Your cancellation is done.")
    deliver()
    assert Refund.objects.get().status == "succeeded"
    visitor.open("/en/payments/documents/", heading="Invoices and credit notes")
    visitor.reads("Credit note", "90.75")
