"""The activation link, asked for again (A1)."""

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.actions.activation import ask_for_activation_mail
from accounts.forms.activation import ActivationRequestForm


@require_http_methods(["GET", "HEAD", "POST"])
def activation_request(request: HttpRequest) -> HttpResponse:
    """A new activation link; the answer is the same whether the address is known or not (A1)."""
    form = ActivationRequestForm(request.POST or None)
    if not form.is_valid():
        return render(request, "accounts/activation_request.html", {"form": form})
    too_many = ratelimit.consume_or_429(request, action="signup")
    if too_many:
        return too_many
    ask_for_activation_mail(email=form.cleaned_data["email"], now=timezone.now())
    return redirect("account_email_verification_sent")
