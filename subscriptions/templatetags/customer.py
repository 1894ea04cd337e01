"""The customer whole (K2), on the account's page in the admin: what belongs to them, by links with counts.

The page is a template of the roof, so that accounts need know nothing of the apps above it.
"""

from typing import Any

from django import template
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.models import Account, ConsentChange, Notice, TermsAcceptance, UndeliveredMail
from garage.models import AccessCheck
from portal.models import AuditRecord
from subscriptions.models import Document, Payment, PaymentCard, Refund, Subscription

register = template.Library()

# What is listed elsewhere, filtered by the account.
LISTS: tuple[tuple[type[Model], Promise], ...] = (
    (Subscription, gettext_lazy("Subscriptions")),
    (Payment, gettext_lazy("Payments")),
    (Refund, gettext_lazy("Refunds")),
    (Document, gettext_lazy("Documents")),
    (PaymentCard, gettext_lazy("Cards")),
    (Notice, gettext_lazy("Notices")),
    (UndeliveredMail, gettext_lazy("Mails that did not arrive")),
    (TermsAcceptance, gettext_lazy("Accepted Terms")),
    (ConsentChange, gettext_lazy("Consents given and withdrawn")),
    (AccessCheck, gettext_lazy("Tries to prove access to a car")),
    (AuditRecord, gettext_lazy("Audit records")),
)


@register.inclusion_tag("admin/accounts/account/_customer.html")
def customer(account: Account, user: Account | AnonymousUser) -> dict[str, Any]:
    """Only what the member of staff may see."""
    return {"lists": _lists(account, user)}


def _lists(account: Account, user: Account | AnonymousUser) -> list[dict[str, Any]]:
    return [
        {"label": label, "count": model._default_manager.filter(account=account).count(), "url": _url(model, account)}
        for model, label in LISTS
        if _may_view(user, model) and admin.site.is_registered(model)
    ]


def _may_view(user: Account | AnonymousUser, model: type[Model]) -> bool:
    """The audit as a list is whose it is to export (portal/desk/audit.py); to others the timeline shows it."""
    verb = "change" if model is AuditRecord else "view"
    return user.has_perm(f"{model._meta.app_label}.{verb}_{model._meta.model_name}")


def _url(model: type[Model], account: Account) -> str:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    return f"{reverse(name)}?account__id__exact={account.pk}"
