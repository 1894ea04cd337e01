"""What the outbox does for this app: refunds, forgotten cards, bundles, and the PDF that a mail waits for."""

from accounts.mail import Attachment
from accounts.models import Notice
from accounts.notices.kinds import Attachments
from portal.clock import database_now
from subscriptions import webhooks
from subscriptions.actions import bundle, refund
from subscriptions.gateway import get_gateway
from subscriptions.invoicing.files import kept_pdf_of
from subscriptions.models import Contract, Document
from subscriptions.papers.contract import DRAWN_FROM, contract_pdf


def send_refund(*, refund_id: int) -> None:
    refund.send_refund(refund_id=refund_id, now=database_now(), gateway=get_gateway())


def provider_event(*, provider_event_id: int) -> None:
    webhooks.handle(provider_event_id=provider_event_id, now=database_now(), gateway=get_gateway())


def forget_card(*, card_ref: str) -> None:
    get_gateway().forget_card(card_ref=card_ref)


def document_bundle(*, bundle_id: int) -> None:
    bundle.prepare_step(bundle_id=bundle_id, now=database_now())


def contract_of_notice(notice: Notice) -> Attachments:
    """The order's confirmation (S10), in the language of the contract."""
    contracts = Contract.objects.filter(subscription__account=notice.account)
    contract = contracts.select_related(*DRAWN_FROM).get(number=notice.facts["contract_number"])
    return [(f"{contract.number}.pdf", contract_pdf(contract), "application/pdf")]


def document_of_notice(notice: Notice) -> Attachments:
    return [_attached(notice, "document")]


def documents_of_correction(notice: Notice) -> Attachments:
    return [_attached(notice, "note"), _attached(notice, "document")]


def _attached(notice: Notice, fact: str) -> Attachment:
    document = Document.objects.get(account=notice.account, public_id=notice.facts[fact])
    return f"{document.number}.pdf", kept_pdf_of(document), "application/pdf"
