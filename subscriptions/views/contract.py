"""What was agreed: on a page with its amendments, and as the paper that was mailed on ordering (S10)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import account_of, member_required
from subscriptions.access import amendments_of, contract_or_404
from subscriptions.papers.contract import contract_pdf
from subscriptions.papers.downloads import pdf_file
from subscriptions.words import presenting


@require_safe
@member_required
def contract(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """For ever, and never without what was agreed since."""
    agreed = contract_or_404(account_of(request), public_id)
    row = agreed.subscription
    context = {"shown": presenting.present(row), "contract": agreed, "amendments": amendments_of(row)}
    return render(request, "subscriptions/contract.html", context)


@require_safe
@member_required
def contract_file(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row = contract_or_404(account_of(request), public_id)
    return pdf_file(contract_pdf(row), name=f"{row.number}.pdf")
