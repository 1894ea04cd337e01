"""The one box of the desk (K2): what was typed, what it may be, and who is found. Each search is on record."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import audit
from portal.free_text import WithoutCardNumbers
from portal.hourly_limit import take_turn
from support.finding.looking import Group, look_for, the_one_account
from support.rules.looked_for import LONGEST, read

# By one person: an agent's day is far from it, copying the customers out is not.
SEARCHES_AN_HOUR = 200
NEEDS = "accounts.view_account"


class LookingForm(WithoutCardNumbers, forms.Form):
    q = forms.CharField(label=gettext_lazy("Find"), max_length=LONGEST, min_length=2)


def looking(request: HttpRequest) -> HttpResponse:
    """Where all that is found is one customer's, it leads there."""
    staff: Any = request.user
    if not staff.has_perm(NEEDS):
        raise PermissionDenied
    now = timezone.now()
    form = LookingForm(request.GET if "q" in request.GET else None)
    groups: list[Group] = []
    if form.is_valid() and not take_turn("desk-search", str(staff.pk), most=SEARCHES_AN_HOUR, now=now):
        form.add_error("q", _("You have searched very often in this hour. Please go on in the next."))
    if form.is_valid():
        groups = look_for(read(form.cleaned_data["q"]), user=staff)
        found = the_one_account(groups)
        # What was typed is not kept: it would outlive the customer who asks to be forgotten.
        kinds = {str(group.title): len(group.hits) for group in groups}
        audit.record("desk searched", account=staff, by=staff, now=now, found=kinds)
        if found and sum(kinds.values()) == 1:
            return redirect(groups[0].hits[0].url)
    context = {
        **admin.site.each_context(request),
        "title": _("Find a customer, a car, a document"),
        "form": form,
        "groups": groups,
        "is_asked": form.is_bound and form.is_valid(),
    }
    return TemplateResponse(request, "admin/looking.html", context)
