"""Sending the activation mail again for a customer who has none (K3, A1)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import customer_page
from accounts.actions.activation import check_not_active, send_activation_again, times_sent_again, unconfirmed
from accounts.models import Account
from portal.desk.forms import RepeatForm
from portal.desk.words import moment
from portal.refusals import Refusal

TITLE = gettext_lazy("Send the activation mail again")


def _waits(account: Account) -> bool:
    return unconfirmed(account) is not None


@customer_page.page("activation", label=TITLE, needs="account.change_emailaddress", is_offered=_waits)
def activation(desk: Any, request: HttpRequest, account: Account) -> HttpResponse:
    form = RepeatForm(request.POST or None, initial={"times": times_sent_again(account)})
    try:
        check_not_active(account)
        if form.is_valid():
            send_activation_again(account=account, now=timezone.now(), by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            return desk.done(request, account, _("The activation mail is on its way to the customer again."))
    except Refusal as refusal:
        return desk.refused(request, account, refusal)
    effect = [
        (_("To the address of the account"), account.email),
        (_("Registered"), moment(account.created_at, account.market.zone)),
        (_("Sent again so far"), times_sent_again(account)),
        (_("Then"), _("a new link is mailed; until it is opened the account cannot be used")),
    ]
    return desk.operation_page(request, account, title=TITLE, effect=effect, form=form, label=TITLE)
