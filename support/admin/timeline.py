"""What a customer's timeline says of cases (K2). Finance reads of those of billing only (K1)."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.customer_timeline import Kind, register, register_cars, register_hidden
from support.actions.sight import GIVEN, WITHDRAWN
from support.models import Case

register(
    Kind.MESSAGES,
    {
        "case opened": _("Case opened"),
        "case replied to": _("Customer wrote again"),
        "case opened again": _("Case opened again"),
        "case answered": _("Case answered"),
        "case handed over": _("Case handed over"),
        "case closed": _("Case closed"),
    },
)
register(Kind.CAR, {GIVEN: _("Leave to see trips given"), WITHDRAWN: _("Leave to see trips taken back")})
register_cars({"support.case": "membership__vehicle", "support.sightleave": "vehicle"})


@register_hidden
def _not_theirs(staff: Any) -> Q:
    if staff.has_perm("support.view_every_case"):
        return Q(pk__in=[])
    others = Case.objects.filter(category__is_billing=False)
    return Q(subject_type="support.case", subject_id__in=others.values("pk"))
