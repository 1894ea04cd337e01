"""An end that is moved later as goodwill, on the page of the subscription (K3)."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.desk.pages import Button, Desk, Panel
from portal.refusals import Refusal
from portal.templatetags.frame import day_in_words
from subscriptions.actions.extend import days_extended, extend_period, new_end
from subscriptions.admin import words
from subscriptions.admin.forms import ExtendForm
from subscriptions.models import Subscription


class Extends(Desk):
    """What `SubscriptionAdmin` offers of it."""

    def extend_buttons(self, request: HttpRequest, row: Subscription) -> list[Button]:
        if not row.is_in_service or row.ends_on is None or not self.may_operate(request):
            return []
        return [Button(label=_("Extend as goodwill"), url=self.url_of(row, "extension"))]

    def extension(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Asked for first, then shown with what it brings, and confirmed as shown (X10)."""
        row: Subscription = self.row_to_operate_on(request, object_id)
        now = timezone.now()
        form = ExtendForm(request.POST or None)
        days = form.cleaned_data["days"] if form.is_valid() else 1
        try:
            to_on = new_end(row, days=days, now=now)
            seal = f"{row.ends_on}:{days}"
            if form.is_valid() and form.cleaned_data.pop("shown") == seal and row.ends_on:
                by = request.user
                extend_period(subscription=row, from_on=row.ends_on, now=now, by=by, **form.cleaned_data)  # type: ignore[arg-type]
                return self.done(request, row, _("It ends later now. The customer is told with the reason."))
        except Refusal as refusal:
            return self.refused(request, row, refusal)
        used, most = days_extended(row), row.market.goodwill_days
        effect = [
            (_("Customer"), row.account.email),
            (_("Subscription"), words.package(row)),
            (_("Car"), words.car(row)),
            (_("First day without service"), day_in_words(row.ends_on)),
            (_("Goodwill so far"), _("%(used)s of %(most)s days") % {"used": used, "most": most}),
        ]
        label = _("Show what it brings")
        if form.is_valid():
            form.show(seal)
            label = _("Extend as goodwill")
            effect += [(_("Then"), _("Without a charge until %(day)s.") % {"day": day_in_words(to_on)})]
        title = _("Extend as goodwill")
        return self.operation_page(request, row, title=title, effect=effect, form=form, label=label)


def extensions_panel(subscription: Subscription) -> Panel:
    rows = [
        [
            day_in_words(each.from_on),
            day_in_words(each.to_on),
            each.told,
            f"{each.by}, {words.moment(each.at, subscription.market.zone)}",
        ]
        for each in subscription.extensions.select_related("by").order_by("-pk")
    ]
    headings = [_("End before"), _("End since"), _("Told to the customer"), _("By whom")]
    return Panel(title=_("Goodwill"), headings=headings, rows=rows)
