"""Writing to the customer centre without an account: two steps, a mailed link, and the answer in one thread (H5)."""

from django.core.management import call_command
from django.utils import timezone

from support.actions.cases import answer
from support.models import Case
from tests import make
from tests.browser.conftest import SAMPLES
from tests.browser.visitor import Visitor, link_in_mail
from tests.support.cases import pdf

WHO = "niki@example.com"


def test_writing_signed_out_confirming_and_reading_the_answer(visitor: Visitor, files):
    call_command("load_contact", str(SAMPLES / "contact.yaml"), verbosity=0)
    visitor.open("/en/support/contact/", heading="Contact")
    assert visitor.page.context.cookies() == []
    visitor.follow("Write a message", heading="Write to us")
    visitor.press("Go on", heading="Write to us")
    visitor.reads("Please correct")
    visitor.choose(visitor.page.locator("[name=category]"), "insurance")
    visitor.type(message="Which insurers know my car?")
    visitor.press("Go on", heading="Send your message")
    visitor.reads("Which insurers know my car?")
    visitor.type(name="Niki Savva", email=WHO)
    letter = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": pdf().read()}
    visitor.attach(visitor.page.locator("[name=files]"), [letter])
    visitor.press("Send the message", heading="Look into your mail")
    visitor.open(link_in_mail(WHO, "Confirm your message"), heading="Confirm your message")
    visitor.press("Send it to the customer centre", heading="Insurance")
    case = Case.objects.get()
    visitor.reads(case.number, "Received", "letter.pdf")
    staff = make.account("agent@example.com", market=case.market, is_staff=True)
    answer(case=case, text="Your dealer knows them.", now=timezone.now(), by=staff)
    visitor.open(link_in_mail(WHO, "is answered"), heading="Insurance")
    visitor.reads("Your dealer knows them.", "Answered")
    visitor.type(message="Thank you.")
    visitor.press("Send", heading="Insurance")
    visitor.reads("Thank you.", "We are working on it")
