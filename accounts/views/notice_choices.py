"""Notices and choices: what is always told, and what a customer may ask for besides (S9, N1)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest, member_required
from accounts.actions.notice_choices import choose_early_notices, early_notices_since
from accounts.forms.notices import NoticeChoicesForm


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def notice_choices(request: MemberRequest) -> HttpResponse:
    chosen = {"early": early_notices_since(request.user) is not None}
    form = NoticeChoicesForm(request.POST if request.method == "POST" else None, initial=chosen)
    if not form.is_valid():
        return render(request, "accounts/notice_choices.html", {"form": form})
    choose_early_notices(
        account=request.user, is_wanted=form.cleaned_data["early"], now=timezone.now(), by=request.user
    )
    messages.success(request, _("Your choice is saved."))
    return redirect("notice_choices")
