"""Invoices and credit notes, with their PDF, and their mail sent again."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.desk.lists import among
from portal.desk.pages import Button, Desk, Panel
from portal.refusals import Refusal
from portal.templatetags.frame import day_in_words
from subscriptions.actions.again import SENT_AGAIN, send_document_again, times_done
from subscriptions.actions.correct import correct_document, correction_quote
from subscriptions.admin import panels, words
from subscriptions.admin.forms import ConfirmedForm, RepeatForm
from subscriptions.confirming import is_what_was_shown, seal
from subscriptions.invoicing.files import pdf_of
from subscriptions.models import Document, NumberSeries, Refund


def _years() -> list[int]:
    """In which a number was given."""
    return sorted(set(NumberSeries.objects.values_list("year", flat=True)))


@admin.register(Document)
class DocumentAdmin(Desk):
    list_display = ("number", "kind", "issued_on", "customer", "gross_sum", "corrects_link")
    list_filter = ("kind", ("year", among(_years)), "legal_entity", "vat_review")
    list_select_related = ("account", "corrects")
    search_fields = ("number", "account", "subscription__vehicle")
    search_help_text = gettext_lazy("Number, e-mail, name, VIN or plate")
    ordering = ("-pk",)
    fields = (
        "number",
        "kind",
        "issued_on",
        "customer",
        "made_out_to",
        "subscription_link",
        "payment_link",
        "corrects_link",
        "net_sum",
        "vat_sum",
        "gross_sum",
        "vat_place",
        "vat_review",
        "keep_until",
        "blanked_at",
    )
    nouns = ("pdf", "mail", "correction")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        related = (*self.list_select_related, "account__market", "payment", "subscription__package")
        return super().get_queryset(request).select_related(*related)

    @admin.display(description=gettext_lazy("customer"), ordering="account__email")
    def customer(self, row: Document) -> str:
        return words.link(row.account, row.account.email)

    @admin.display(description=gettext_lazy("made out to"))
    def made_out_to(self, row: Document) -> str:
        lines = [row.buyer.get("name", ""), *row.buyer.get("address_lines", [])]
        return format_html_join("", "{}<br>", ([line] for line in lines))

    @admin.display(description=gettext_lazy("subscription"))
    def subscription_link(self, row: Document) -> str:
        return words.link(row.subscription, words.package(row.subscription))

    @admin.display(description=gettext_lazy("payment"))
    def payment_link(self, row: Document) -> str:
        return words.link(row.payment, words.amount(row.payment.amount, row.payment.currency))

    @admin.display(description=gettext_lazy("corrects"))
    def corrects_link(self, row: Document) -> str:
        return words.link(row.corrects, row.corrects.number) if row.corrects else row.old_invoice

    @admin.display(description=gettext_lazy("net"))
    def net_sum(self, row: Document) -> str:
        return words.amount(row.net, row.currency)

    @admin.display(description=gettext_lazy("VAT"))
    def vat_sum(self, row: Document) -> str:
        return f"{words.amount(row.vat, row.currency)} ({row.vat_rate} %)"

    @admin.display(description=gettext_lazy("place of supply"))
    def vat_place(self, row: Document) -> str:
        """The country, and what proves it."""
        evidence = ", ".join(f"{item['kind']} {item['country']}" for item in row.vat_evidence)
        return f"{row.vat_country} ({evidence})"

    @admin.display(description=gettext_lazy("gross"), ordering="gross")
    def gross_sum(self, row: Document) -> str:
        return words.amount(row.gross, row.currency)

    def panels(self, request: HttpRequest, row: Document) -> list[Panel]:
        linked = Document.objects.filter(Q(corrects=row) | Q(replaces=row) | Q(replaced_by=row))
        found = [panels.documents_panel(linked)] if not row.is_credit_note else []
        if request.user.has_perm("subscriptions.view_refund"):
            found.append(panels.refunds_panel(Refund.objects.filter(payment=row.payment_id)))
        if request.user.has_perm("portal.view_auditrecord"):
            found.append(panels.timeline_of(row))
        return found

    def buttons(self, request: HttpRequest, row: Document) -> list[Button]:
        found = [Button(label=_("Download the PDF"), url=self.url_of(row, "pdf"))]
        if self.may_operate(request):
            found.append(Button(label=_("Send it again"), url=self.url_of(row, "mail")))
        if not row.is_credit_note and self.may_correct(request):
            found.append(Button(label=_("Correct name or address"), url=self.url_of(row, "correction")))
        return found

    def may_correct(self, request: HttpRequest) -> bool:
        """Finance's: it gives a payment another invoice (I4)."""
        return request.user.has_perm("subscriptions.change_payment")

    def correction(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """I4, by the same action as the customer's own page."""
        if not self.may_correct(request):
            raise PermissionDenied
        row, now = get_object_or_404(self.get_queryset(request), pk=object_id), timezone.now()
        try:
            quote = correction_quote(row, now=now, by=request.user)  # type: ignore[arg-type]
            form = ConfirmedForm(request.POST or None, initial={"shown": seal(quote)})
            if form.is_valid() and is_what_was_shown(form.cleaned_data["shown"], quote):
                reason = form.cleaned_data["reason"]
                new = correct_document(invoice=row, confirmed=quote, reason=reason, now=now, by=request.user)  # type: ignore[arg-type]
                return self.done(
                    request, new, _("This invoice takes the place of %(number)s.") % {"number": row.number}
                )
        except Refusal as refusal:
            return self.refused(request, row, refusal)
        effect = [
            (_("Credit note and new invoice over"), words.amount(quote.gross, quote.currency)),
            (_("It reads now"), format_html_join("", "{}<br>", ([line] for line in quote.now_reads))),
            (_("The new one will read"), format_html_join("", "{}<br>", ([line] for line in quote.will_read))),
            (_("Money"), _("None moves.")),
        ]
        title = _("Correct name or address")
        return self.operation_page(
            request, row, title=title, effect=effect, form=form, label=_("Issue the new invoice")
        )

    def pdf(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The file as the customer has it. A download: the pages' own policy lets no browser show it in place."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = get_object_or_404(self.get_queryset(request), pk=object_id)
        try:
            pdf = pdf_of(row)
        except Refusal as refusal:
            return self.refused(request, row, refusal)
        headers = {
            "Content-Disposition": f'attachment; filename="{row.number}.pdf"',
            "Cache-Control": "private, no-store",
        }
        return HttpResponse(pdf, content_type="application/pdf", headers=headers)

    def mail(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row: Document = self.row_to_operate_on(request, object_id)
        form = RepeatForm(request.POST or None, initial={"times": times_done(SENT_AGAIN, row)})
        try:
            if form.is_valid():
                send_document_again(document=row, now=timezone.now(), by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
                return self.done(request, row, _("The document is on its way to the customer again."))
        except Refusal as refusal:
            return self.refused(request, row, refusal)
        effect = [
            (_("Document"), f"{row.get_kind_display()} {row.number}, {day_in_words(row.issued_on)}"),
            (_("To the address of the account"), row.account.email),
            (_("Sent again so far"), times_done(SENT_AGAIN, row)),
        ]
        return self.operation_page(
            request, row, title=_("Send the document again"), effect=effect, form=form, label=_("Send it again")
        )
