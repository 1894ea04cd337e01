"""What the customer is told of a case: a notice, and where it was written signed out, a mail to the address (H5, N2).

Each names the market's channels, as they are on the day.
"""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import translation

from accounts.mail import enqueue_mail
from accounts.notices.kinds import tell
from portal.texts import localized
from support.cases.links import confirmation_url, guest_url
from support.models import Case, Message, UnconfirmedMessage


def ask_to_confirm(message: UnconfirmedMessage, *, key: str, now: datetime) -> None:
    context = {"name": message.name, "url": confirmation_url(key, message.language), "brand": message.market.brand}
    enqueue_mail(
        to=message.email,
        language=message.language,
        brand=message.market.brand,
        template="emails/cases/confirmation",
        context=context | channel_facts(message.market.contact, message.language),
        now=now,
    )


def tell_received(case: Case, *, now: datetime) -> None:
    _tell("received", case, subject_key=case.number, now=now)


def tell_answered(case: Case, message: Message, *, now: datetime) -> None:
    _tell("answered", case, subject_key=f"{case.number}:{message.pk}", now=now)


def tell_closed(case: Case, *, now: datetime) -> None:
    """It may be opened again, and closed again."""
    _tell("closed", case, subject_key=f"{case.number}:{int(now.timestamp())}", now=now)


def channel_facts(contact: dict[str, Any], language: str) -> dict[str, str]:
    return {
        "telephone": contact.get("telephone", ""),
        "hours": localized(contact.get("hours", {}), language),
    }


def _tell(what: str, case: Case, *, subject_key: str, now: datetime) -> None:
    facts = {"case_number": case.number, "category": localized(case.category.names, case.language)}
    facts |= channel_facts(case.market.contact, case.language)
    if case.email:
        enqueue_mail(
            to=case.email,
            language=case.language,
            brand=case.market.brand,
            template=f"emails/cases/{what}",
            context=facts | {"name": case.name, "url": guest_url(case), "brand": case.market.brand},
            now=now,
        )
    elif case.account and case.account.is_active:
        with translation.override(case.language):
            url = reverse("case", args=[case.public_id])
        tell(
            account=case.account,
            kind=f"case_{what}",
            subject_key=subject_key,
            event_on=case.market.local_date(now),
            now=now,
            url=url,
            **facts,
        )
