from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Account
from garage.access import current_memberships
from subscriptions.access import documents_of
from support.actions.cases import answer, open_case
from support.cases.canned import filled, texts_of
from support.cases.prefilled import Context
from support.models import Case, CaseCategory

CUSTOMER, AGENT = "andreas@example.com", "agent@example.com"
PAID = "My bank’s app shows this payment twice. Was I charged twice?"
CAR = "Since yesterday the app shows the doors as open although they are locked. What can I do?"


class Command(BaseCommand):
    help = "Brings the demo two cases of a customer: one that is answered, and one that waits."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE == "production":
            raise CommandError("Sample cases belong to a demo.")
        customer = Account.objects.filter(email=CUSTOMER).first()
        if customer is None or Case.objects.exists():
            return
        self.answered(customer)
        self.waiting(customer)

    def answered(self, customer: Account) -> None:
        now = timezone.now() - timedelta(days=2)
        context = Context(document=documents_of(customer).first())
        case = self.opened(customer, "billing", PAID, context, days_ago=3)
        agent = Account.objects.get(email=AGENT)
        canned = next(text for text in texts_of(customer.market) if text.code == "more-needed")
        answer(case=case, text=filled(canned, case), now=now, by=agent)

    def waiting(self, customer: Account) -> None:
        context = Context(membership=current_memberships(customer).first())
        self.opened(customer, "connected-services", CAR, context, days_ago=1)

    def opened(self, customer: Account, category: str, text: str, context: Context, *, days_ago: int) -> Case:
        return open_case(
            account=customer,
            category=CaseCategory.objects.get(market=customer.market, code=category),
            text=text,
            context=context,
            uploads=[],
            now=timezone.now() - timedelta(days=days_ago),
            by=customer,
        )
