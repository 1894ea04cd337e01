"""Evidence at the desk: attached to the rows about which staff decide, and taken by who may see them (V3, K3, P10)."""

from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.customer_timeline import Kind, register
from accounts.models import Account
from portal.desk import pages as desk
from portal.desk.pages import Button, Desk, Panel
from portal.desk.words import moment
from portal.free_text import WithoutCardNumbers
from portal.refusals import Refusal
from support.actions.evidence import attach_evidence, evidence_of, note_taken
from support.cases.attachments import download
from support.forms.cases import Files
from support.models import Evidence
from support.models.evidence import LONGEST_NOTE

# What staff decide about: control, a block, a withdrawal, a transfer, a dispute, a car in trade, a car's facts.
DECIDED = (
    *("garage.controltransfer", "garage.accesscheck", "garage.tradein", "garage.vehicle"),
    *("subscriptions.subscription", "subscriptions.refund", "subscriptions.dispute"),
)
ADDRESS = "admin:support_evidence_new"
register(
    Kind.MESSAGES,
    {
        "evidence attached": gettext_lazy("Evidence attached"),
        "evidence taken": gettext_lazy("Evidence downloaded"),
    },
)


class EvidenceForm(WithoutCardNumbers, forms.Form):
    owner = forms.TypedChoiceField(label=gettext_lazy("Whom it concerns"), coerce=int)
    note = forms.CharField(
        label=gettext_lazy("What it shows"),
        help_text=gettext_lazy("No number of a paper. Kept in the timeline with your name."),
        max_length=LONGEST_NOTE,
    )
    files = Files()  # type: ignore[assignment]  # Forms take their fields off the class.

    def __init__(self, *args: Any, owners: QuerySet[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.choices = [(each.pk, each.email) for each in owners]
        self.fields["files"].required = True

    def clean_files(self) -> Any:
        if not self.cleaned_data["files"]:
            raise forms.ValidationError(_("Choose a file."), code="required")
        return self.cleaned_data["files"]


@desk.beside
def beside(page: Desk, request: HttpRequest, row: Any) -> tuple[list[Panel], list[Button]]:
    """On the page of a row about which staff decide."""
    label = row._meta.label_lower
    if label not in DECIDED or not request.user.has_perm("support.view_evidence"):  # type: ignore[union-attr]
        return [], []
    staff: Any = request.user
    rows = [
        [
            moment(each.at, staff.market.zone),
            _link(each),
            each.note,
            each.account.email,
            each.by.email,
        ]
        for each in evidence_of(row).select_related("account", "by").order_by("-at", "-pk")
    ]
    headings = [_("When"), _("File"), _("What it shows"), _("Whom it concerns"), _("By whom")]
    buttons = []
    if staff.has_perm("support.change_evidence"):
        buttons = [Button(label=_("Attach evidence"), url=f"{reverse(ADDRESS)}?of={label}&row={row.pk}")]
    return ([Panel(title=_("Evidence"), headings=headings, rows=rows)] if rows else []), buttons


def _link(row: Evidence) -> str:
    url = reverse("admin:support_evidence_file", args=[row.pk])
    return format_html('<a href="{}">{}</a> {}', url, row.name, filesizeformat(row.size))


@admin.register(Evidence)
class EvidenceAdmin(Desk):
    list_display = ("at", "what", "name", "note", "account", "by")
    list_select_related = ("account__market", "by")
    ordering = ("-at", "-pk")
    fields = readonly_fields = ("what", "file_link", "note", "account", "at", "by")
    nouns = ("file",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Evidence]:
        """Of what whoever asks may see."""
        pages = ((label, self.admin_site._registry[apps.get_model(label)]) for label in DECIDED)
        seen = [label for label, page in pages if page.has_view_permission(request)]
        return super().get_queryset(request).select_related(*self.list_select_related).filter(subject_type__in=seen)

    def get_urls(self) -> list[URLPattern]:
        new = path("new/", self.admin_site.admin_view(self.new), name="support_evidence_new")
        return [new, *super().get_urls()]

    @admin.display(description=gettext_lazy("about"))
    def what(self, row: Evidence) -> str:
        model = apps.get_model(row.subject_type)
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.subject_id])
        return format_html('<a href="{}">{}</a>', url, model._meta.verbose_name)

    @admin.display(description=gettext_lazy("file"))
    def file_link(self, row: Evidence) -> str:
        return _link(row)

    def file(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Always a download, and always on record."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = get_object_or_404(self.get_queryset(request), pk=object_id)
        answer = download(row)
        note_taken(row, now=timezone.now(), by=request.user)  # type: ignore[arg-type]
        return answer

    def new(self, request: HttpRequest) -> HttpResponse:
        if not self.may_operate(request):
            raise PermissionDenied
        page, row = self._decided(request)
        owners = Account.objects.filter(pk__in=set(page.customers_of(row))).order_by("email")
        form = EvidenceForm(request.POST or None, files=request.FILES or None, owners=owners)
        back = page.url_of(row, "change")
        if form.is_valid():
            try:
                self._attach(request, row, form, owners)
                return redirect(back)
            except Refusal as refusal:
                form.add_error("files", str(refusal))
        context = {
            **self.admin_site.each_context(request),
            "opts": page.opts,
            "title": _("Attach evidence"),
            "row_name": page.name_of(row),
            "row_url": back,
            "effect": [(_("Then"), _("staff who see this row may download it; each download is on record"))],
            "form": form,
            "label": _("Attach evidence"),
        }
        return TemplateResponse(request, "admin/desk/operation.html", context)

    def _decided(self, request: HttpRequest) -> tuple[Any, Any]:
        """The row, by the page that shows it: who may not see it attaches nothing."""
        label, number = request.GET.get("of", ""), request.GET.get("row", "")
        if label not in DECIDED or not number.isdecimal() or len(number) > 18:
            raise Http404
        page: Any = self.admin_site._registry[apps.get_model(label)]
        if not page.has_view_permission(request):
            raise PermissionDenied
        return page, get_object_or_404(page.get_queryset(request), pk=int(number))

    def _attach(self, request: HttpRequest, row: Any, form: EvidenceForm, owners: QuerySet[Account]) -> None:
        asked, staff = form.cleaned_data, request.user
        attach_evidence(
            subject=row,
            account=owners.get(pk=asked["owner"]),
            uploads=asked["files"],
            note=asked["note"],
            now=timezone.now(),
            by=staff,  # type: ignore[arg-type]
        )
        messages.success(request, _("It is attached."))
