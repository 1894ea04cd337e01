"""What nobody needs an account for: withdrawing from a contract (X9), and seeing how sums are made (S13)."""

from datetime import timedelta

from django.utils import timezone

from portal.models import OutboxMessage
from tests.browser.visitor import Visitor


def test_withdrawing_from_the_footer_in_two_steps(visitor: Visitor):
    visitor.open("/en/support/", heading="Support")
    visitor.click(visitor.page.locator("footer").get_by_role("link", name="Withdraw from contract here"))
    visitor.look("Withdraw from contract")
    visitor.press("Go on", heading="Withdraw from contract")
    visitor.reads("Please correct")
    visitor.type(contract_number="cy-bbbbb-bbbbb", email="elena@example.com")
    visitor.press("Go on", heading="Confirm withdrawal")
    visitor.reads("CY-BBBBB-BBBBB", "elena@example.com")
    visitor.press("Confirm withdrawal", heading="We have received your withdrawal")
    assert OutboxMessage.objects.get(handler="withdrawal_statement").payload["contract_number"] == "CY-BBBBB-BBBBB"


def test_asking_what_if_of_a_sample_order(visitor: Visitor):
    visitor.open("/en/how-we-calculate/", heading="How we calculate")
    visitor.reads("€99.00 × 8 / 12", "€66.00")
    visitor.write(visitor.page.locator("[name=day]"), str((timezone.now() + timedelta(days=3)).date()))
    visitor.press("Show", heading="How we calculate")
    visitor.reads("The free month runs to its end. Nothing is charged.")
    assert visitor.page.context.cookies() == []
