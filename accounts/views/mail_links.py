"""Pages of the links in mails (A1, A3): allauth's, which here also say why a link does not work."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.views import ConfirmEmailView, PasswordResetFromKeyView
from django.http import Http404, HttpResponse

from accounts.mail_links import Fault, fault_of_confirmation, fault_of_reset


class ConfirmAddress(ConfirmEmailView):
    """Of an account's first address, and of the one that replaces it."""

    # The confirmation that the link stands for; None if it stands for nothing.
    object: Any

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(*args, **kwargs)
        except Http404:
            return self.respond(False)

    def respond(self, success: bool) -> HttpResponse:
        if success:
            response: HttpResponse = super().respond(success)
            return response
        self.object = None
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        fault = fault_of_confirmation(self.kwargs["key"])
        works = fault is None and bool(self.object)
        is_change = works and _has_another(self.object.email_address)
        return context | _words_for(fault) | {"can_confirm": works, "is_change": is_change}


class ResetPassword(PasswordResetFromKeyView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | _words_for(fault_of_reset(self.key) if context.get("token_fail") else None)


def _words_for(fault: Fault | None) -> dict[str, bool]:
    return {f"is_{each.value}": each is fault for each in Fault}


def _has_another(address: EmailAddress) -> bool:
    return EmailAddress.objects.filter(user=address.user_id, verified=True).exclude(pk=address.pk).exists()
