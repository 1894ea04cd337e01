"""The document for machines: EN 16931 as Cross Industry Invoice, the file that Factur-X puts into the PDF.

The same contents give the same bytes. The numbers in brackets are the standard's business terms.
"""

from decimal import Decimal
from typing import Any

from drafthorse.models.accounting import ApplicableTradeTax
from drafthorse.models.document import Document as Invoice
from drafthorse.models.note import IncludedNote
from drafthorse.models.party import TaxRegistration, TradeParty
from drafthorse.models.payment import PaymentMeans
from drafthorse.models.tradelines import LineItem

from .contents import DocumentContents, DocumentLine, Place, Vehicle
from .tidy import tidy

PROFILE = "urn:cen.eu:en16931:2017"
TYPE_CODES = {"invoice": "380", "credit_note": "381"}
BANK_CARD = "48"
ONE = (Decimal(1), "C62")  # (BT-129, BT-130): one of something, which is what a period of a package is


def xml_of(contents: DocumentContents) -> bytes:
    """UTF-8 XML, checked against the schema of the profile EN 16931."""
    invoice = Invoice()
    invoice.context.guideline_parameter.id = PROFILE
    invoice.header.id = contents.number
    invoice.header.type_code = TYPE_CODES[contents.kind]
    invoice.header.issue_date_time = contents.issued_on
    for sentence in contents.notes:
        invoice.header.notes.add(IncludedNote(content=tidy(sentence)))
    _put_parties(invoice.trade.agreement, contents)
    for position, line in enumerate(contents.lines, start=1):
        invoice.trade.items.add(_item(line, contents, position=position))
    # The day on which the services of the period begin (BT-72).
    invoice.trade.delivery.event.occurrence = min(line.period_from for line in contents.lines)
    _put_settlement(invoice.trade.settlement, contents)
    return bytes(invoice.serialize(schema="FACTUR-X_EN16931"))


def _put_parties(agreement: Any, contents: DocumentContents) -> None:
    seller, buyer = contents.seller, contents.buyer
    if reference := _tidied(buyer.reference):
        agreement.buyer_reference = reference
    agreement.seller.name = tidy(seller.name)
    if seller.registration:
        agreement.seller.legal_organization.id = tidy(seller.registration)
    _put_address(agreement.seller, seller.place)
    _put_vat_number(agreement.seller, seller.vat_number)
    agreement.buyer.name = tidy(buyer.name)
    _put_address(agreement.buyer, buyer.place)
    if buyer.vat_number:
        _put_vat_number(agreement.buyer, tidy(buyer.vat_number))


def _put_address(party: TradeParty, place: Place) -> None:
    lines = dict(zip(("line_one", "line_two", "line_three"), place.lines, strict=False))
    for name, value in (lines | {"postcode": place.postcode, "city_name": place.town}).items():
        if value := _tidied(value):
            setattr(party.address, name, value)
    party.address.country_id = place.country


def _put_vat_number(party: TradeParty, number: str) -> None:
    party.tax_registrations.add(TaxRegistration(id=("VA", number)))


def _tidied(text: str) -> str:
    """Nothing, where only blanks are left: the rules allow no empty element."""
    return tidy(text).strip()


def _item(line: DocumentLine, contents: DocumentContents, *, position: int) -> LineItem:
    item = LineItem()
    item.document.line_id = str(position)
    item.product.name = tidy(line.description)
    if contents.vehicle:
        item.product.description = tidy(_car(contents.vehicle))
    item.agreement.net.amount = line.net
    item.delivery.billed_quantity = ONE
    item.settlement.trade_tax.type_code = "VAT"
    item.settlement.trade_tax.category_code = contents.vat_category
    item.settlement.trade_tax.rate_applicable_percent = contents.vat_rate
    item.settlement.period.start = line.period_from
    item.settlement.period.end = line.period_to
    item.settlement.monetary_summation.total_amount = line.net
    return item


def _car(vehicle: Vehicle) -> str:
    return ", ".join(part for part in (vehicle.model, vehicle.vin, vehicle.plate) if part)


def _put_settlement(settlement: Any, contents: DocumentContents) -> None:
    settlement.currency_code = contents.currency
    if contents.card:
        settlement.payment_means.add(_card(contents.card.last4))
    settlement.trade_tax.add(_tax(contents))
    settlement.period.start = min(line.period_from for line in contents.lines)
    settlement.period.end = max(line.period_to for line in contents.lines)
    sums = settlement.monetary_summation
    sums.line_total = contents.net
    sums.tax_basis_total = contents.net
    sums.tax_total = (contents.vat, contents.currency)
    sums.grand_total = contents.gross
    # The money has moved before the document is made: nothing is due.
    sums.prepaid_total = contents.gross
    sums.due_amount = Decimal("0.00")
    if contents.corrects_number:
        settlement.invoice_referenced_document.issuer_assigned_id = contents.corrects_number
        if contents.corrects_issued_on:
            settlement.invoice_referenced_document.issue_date_time = contents.corrects_issued_on


def _card(last4: str) -> PaymentMeans:
    means = PaymentMeans()
    means.type_code = BANK_CARD
    means.financial_card.id = last4
    return means


def _tax(contents: DocumentContents) -> ApplicableTradeTax:
    tax = ApplicableTradeTax()
    tax.calculated_amount = contents.vat
    tax.type_code = "VAT"
    if contents.vat_reason:
        tax.exemption_reason = tidy(contents.vat_reason)
    tax.basis_amount = contents.net
    tax.category_code = contents.vat_category
    tax.rate_applicable_percent = contents.vat_rate
    return tax
