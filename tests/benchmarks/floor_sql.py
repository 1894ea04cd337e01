"""Collecting by hand-written SQL: the floor that the portal is held against.

The same rows in the same tables as the portal writes for a charge that succeeds (`same_rows.py` holds them against
each other): payment with its key, subscription, invoice with a gapless number, notice, three audit records, outbox.
Nothing is checked that the database does not check, nobody can be refused, and only this one outcome is known.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import psycopg
from psycopg.rows import dict_row

from portal.money import split_gross
from subscriptions.rules.periods import charge_on, paid_period
from subscriptions.rules.retention import keep_until
from tests.benchmarks.population import CALCULATION

Row = dict[str, Any]
# Asks the provider for the money of one payment and gives the reference of the charge.
Charge = Callable[[Row], str]

# PostgreSQL does not look into the inner array before it plans, and so keeps its plan, as it does for the portal.
_CLAIM = """
    SELECT s.id, s.account_id, s.public_id, s.periods_paid, s.activated_on, s.trial_months, s.term_months, s.price,
           s.currency, c.id AS card_id, c.card_ref
    FROM subscriptions_subscription s
    JOIN subscriptions_paymentcard c ON c.account_id = s.account_id AND c.is_primary AND c.removed_at IS NULL
    WHERE s.id = ANY(ARRAY(SELECT unnest(%s::bigint[]))) AND s.next_try_on <= %s
    ORDER BY s.id FOR NO KEY UPDATE OF s SKIP LOCKED
"""
_BEGIN = """
    INSERT INTO subscriptions_payment (public_id, account_id, subscription_id, card_id, period_index, period_from,
        period_to, attempt, key, amount, currency, status, reason, charge_ref, started_at, refunded)
    VALUES (%(payment_public_id)s, %(account_id)s, %(id)s, %(card_id)s, %(periods_paid)s, %(period_from)s,
        %(period_to)s, 1, %(key)s, %(price)s, %(currency)s, 'started', '', '', %(now)s, 0)
    RETURNING id
"""
_LOAD = """
    SELECT s.id, s.account_id, s.public_id, s.periods_paid, s.activated_on, s.trial_months, s.term_months, s.price,
           s.currency, s.vat_rate, s.vat_country, s.vat_category, s.vat_reason, s.vat_evidence, s.vat_review,
           p.id AS payment_id, p.public_id AS payment_public_id, p.attempt, p.period_from,
           p.period_to, a.email, a.language, c.public_id AS card_public_id, c.brand, c.last4, v.model, v.vin, v.plate,
           k.code AS package, k.names AS package_names, l.term, m.code AS market, m.document_years, m.contact,
           m.legal_entity_id,
           e.name AS seller, e.address_lines AS seller_lines, e.country AS seller_country,
           e.vat_number AS seller_vat_number, e.registration, e.email AS seller_email,
           e.series, d.name AS wordmark, d.accent_light AS accent, b.name AS buyer,
           b.address_line_1, b.address_line_2, b.postcode, b.town, b.country, b.vat_number,
           (SELECT h.invoice_reference FROM garage_membership h
            WHERE h.account_id = s.account_id AND h.vehicle_id = s.vehicle_id
            ORDER BY h.linked_at DESC, h.id DESC LIMIT 1) AS reference
    FROM subscriptions_payment p
    JOIN subscriptions_subscription s ON s.id = p.subscription_id
    JOIN accounts_account a ON a.id = s.account_id
    JOIN accounts_billingprofile b ON b.account_id = s.account_id
    JOIN subscriptions_paymentcard c ON c.id = p.card_id
    JOIN garage_vehicle v ON v.id = s.vehicle_id
    JOIN subscriptions_package k ON k.id = s.package_id
    JOIN subscriptions_plan l ON l.id = s.plan_id
    JOIN portal_market m ON m.id = s.market_id
    JOIN portal_legalentity e ON e.id = m.legal_entity_id
    JOIN portal_brand d ON d.id = m.brand_id
    WHERE p.id = ANY(ARRAY(SELECT unnest(%s::bigint[]))) AND p.status = 'started'
    ORDER BY s.id FOR NO KEY UPDATE OF s, p
"""
_PAID = """
    UPDATE subscriptions_payment SET status = 'succeeded', charge_ref = %(charge_ref)s, settled_at = %(now)s
    WHERE id = %(payment_id)s
"""
_EXTEND = """
    UPDATE subscriptions_subscription
    SET status = 'paid', periods_paid = periods_paid + 1, tries_used = 0, unconfirmed_card_id = NULL,
        next_charge_on = %(next_on)s, next_try_on = %(next_on)s
    WHERE id = %(id)s
"""
_NUMBER = """
    UPDATE subscriptions_numberseries SET last_number = last_number + %s
    WHERE legal_entity_id = %s AND kind = 'invoice' AND year = %s RETURNING last_number
"""
_INVOICE = """
    INSERT INTO subscriptions_document (public_id, kind, legal_entity_id, year, sequence, number, issued_on, issued_at,
        account_id, subscription_id, payment_id, currency, vat_rate, vat_country, vat_category, vat_reason,
        vat_evidence, vat_review, net, vat, gross, language, seller, buyer, vehicle, card, lines, payment_facts,
        old_invoice, keep_until)
    VALUES (%(document_id)s, 'invoice', %(legal_entity_id)s, %(year)s, %(sequence)s, %(number)s, %(today)s, %(now)s,
        %(account_id)s, %(id)s, %(payment_id)s, %(currency)s, %(vat_rate)s, %(vat_country)s, %(vat_category)s,
        %(vat_reason)s, %(evidence_json)s, %(vat_review)s, %(net)s, %(vat)s, %(price)s, %(language)s, %(seller_json)s,
        %(buyer_json)s, %(vehicle_json)s, %(card_json)s, %(lines_json)s, %(payment_json)s, '',
        %(keep_until)s)
"""
_NOTICE = """
    INSERT INTO accounts_notice (public_id, account_id, kind, subject_key, event_on, facts, created_at)
    VALUES (%(notice_public_id)s, %(account_id)s, 'invoice_issued', %(number)s, %(today)s, %(facts_json)s, %(now)s)
    RETURNING id
"""
_AUDIT = """
    INSERT INTO portal_auditrecord (at, "on", what, account_id, subject_type, subject_id, data)
    VALUES (%(now)s, %(today)s, 'charged', %(account_id)s, 'subscriptions.subscription', %(id)s, %(charged_json)s),
           (%(now)s, %(today)s, 'invoice', %(account_id)s, 'subscriptions.subscription', %(id)s, %(invoice_json)s),
           (%(now)s, %(today)s, 'notice', %(account_id)s, 'accounts.notice', %(notice_id)s, %(told_json)s)
"""
_OUTBOX = """
    INSERT INTO portal_outboxmessage (handler, payload, dedup_key, created_at, due_at, attempts, last_error)
    VALUES ('notice_mail', %(mail_json)s, %(mail_key)s, %(now)s, %(now)s, 0, '')
"""


@dataclass
class Floor:
    """One connection that collects by hand. `statements` counts what it sent, transactions left out."""

    conninfo: str
    now: datetime
    today: date
    charge: Charge
    statements: int = 0

    def __post_init__(self) -> None:
        self._connection = psycopg.connect(self.conninfo, row_factory=dict_row)

    def collect(self, subscription_ids: Sequence[int]) -> int:
        """Claim and save (commit), charge, book (commit): one or a hundred; how many were charged."""
        begun = self._begin(subscription_ids)
        charge_refs = {row["payment_id"]: self.charge(row) for row in begun}
        self._settle(charge_refs)
        return len(begun)

    def close(self) -> None:
        self._connection.close()

    def _begin(self, subscription_ids: Sequence[int]) -> list[Row]:
        with self._connection.transaction():
            due = self._all(_CLAIM, [list(subscription_ids), self.today])
            for row in due:
                row |= self._payment(row)
            for row, made in zip(due, self._each(_BEGIN, due, returning=True), strict=True):
                row["payment_id"] = made["id"]
        return due

    def _settle(self, charge_refs: dict[int, str]) -> None:
        with self._connection.transaction():
            paid = self._all(_LOAD, [list(charge_refs)])
            for row in paid:
                row |= self._booking(row, charge_refs[row["payment_id"]])
            self._each(_PAID, paid)
            self._each(_EXTEND, paid)
            last = self._all(_NUMBER, [len(paid), paid[0]["legal_entity_id"], self.today.year])[0]["last_number"]
            for sequence, row in enumerate(paid, last - len(paid) + 1):
                row |= self._invoice(row, sequence)
            self._each(_INVOICE, paid)
            for row, made in zip(paid, self._each(_NOTICE, paid, returning=True), strict=True):
                row |= _mail(row, notice_id=made["id"])
            self._each(_AUDIT, paid)
            self._each(_OUTBOX, paid)

    def _all(self, statement: str, values: list[Any]) -> list[Row]:
        self.statements += 1
        return self._connection.execute(statement, values).fetchall()

    def _each(self, statement: str, rows: list[Row], *, returning: bool = False) -> list[Row]:
        """One statement as it is, many in one pipeline."""
        self.statements += len(rows)
        cursor = self._connection.cursor()
        if len(rows) == 1:
            cursor.execute(statement, rows[0])
            return cursor.fetchall() if returning else []
        cursor.executemany(statement, rows, returning=returning)
        if not returning:
            return []
        made = [cursor.fetchone()]
        while cursor.nextset():
            made.append(cursor.fetchone())
        return made

    # What is written

    def _payment(self, row: Row) -> Row:
        index = row["periods_paid"]
        period = paid_period(**_dates(row), index=index)
        key = f"{row['public_id']}:{index}:1"
        return {
            "period_from": period.start_on,
            "period_to": period.end_on,
            "key": key,
            "payment_public_id": uuid4(),
            "now": self.now,
        }

    def _booking(self, row: Row, charge_ref: str) -> Row:
        next_on = charge_on(**_dates(row), index=row["periods_paid"] + 1)
        return {"charge_ref": charge_ref, "next_on": next_on, "now": self.now, "today": self.today}

    def _invoice(self, row: Row, sequence: int) -> Row:
        split = split_gross(row["price"], row["vat_rate"])
        number = f"{row['series']}-{self.today.year}-{sequence:06d}"
        paid = {"package": row["package"], "attempt": row["attempt"], "card": row["card_public_id"].hex}
        period = {"from": row["period_from"].isoformat(), "to": row["period_to"].isoformat()}
        charged = paid | {"payment": row["payment_public_id"].hex, "amount": str(row["price"])} | period
        amounts = {"gross": str(split.gross), "net": str(split.net), "vat": str(split.vat)}
        name = row["package_names"][row["language"]]
        document_id = uuid4()
        return {
            "year": self.today.year,
            "sequence": sequence,
            "number": number,
            "document_id": document_id,
            "notice_public_id": uuid4(),
            "net": split.net,
            "vat": split.vat,
            "seller_json": json.dumps(_seller(row)),
            "buyer_json": json.dumps(_buyer(row)),
            "vehicle_json": json.dumps({"model": row["model"], "vin": row["vin"], "plate": row["plate"]}),
            "lines_json": json.dumps(
                [{"package": name, "term": row["term"], "description": f"{name}, {row['term']}"} | period]
            ),
            "evidence_json": json.dumps(row["vat_evidence"]),
            "card_json": json.dumps({"brand": row["brand"], "last4": row["last4"]}),
            "payment_json": json.dumps({"on": self.today.isoformat(), "notes": [], "calculation": [CALCULATION]}),
            "keep_until": keep_until(issued_on=self.today, years=row["document_years"]),
            "charged_json": json.dumps(charged),
            "invoice_json": json.dumps({"number": number, "package": row["package"]} | amounts),
            "facts_json": json.dumps(_facts(row, number=number, document=str(document_id), name=name)),
        }


def _dates(row: Row) -> Row:
    return {name: row[name] for name in ("activated_on", "trial_months", "term_months")}


def _seller(row: Row) -> Row:
    return {
        "name": row["seller"],
        "address_lines": row["seller_lines"],
        "country": row["seller_country"],
        "vat_number": row["seller_vat_number"],
        "registration": row["registration"],
        "email": row["seller_email"],
        "contact": [row["contact"][name] for name in ("telephone", "email") if row["contact"].get(name)],
        "wordmark": row["wordmark"],
        "accent": row["accent"],
    }


def _buyer(row: Row) -> Row:
    street = [line for line in (row["address_line_1"], row["address_line_2"]) if line]
    return {
        "name": row["buyer"],
        "email": row["email"],
        "reference": row["reference"] or "",
        "address_lines": [*street, f"{row['postcode']} {row['town']}", "Cyprus"],
        "street_lines": street,
        "postcode": row["postcode"],
        "town": row["town"],
        "country": row["country"],
        "vat_number": row["vat_number"],
    }


def _facts(row: Row, *, number: str, document: str, name: str) -> Row:
    return {
        "package": row["package"],
        "package_name": name,
        "document": document,
        "document_number": number,
        "invoice_number": "",
        "gross": str(row["price"]),
        "currency": row["currency"],
        "period_from": row["period_from"].isoformat(),
        "period_to": row["period_to"].isoformat(),
        "card_last4": row["last4"],
        "expected_on": "",
        "transfer": "",
        "url": "/documents/",
    }


def _mail(row: Row, *, notice_id: int) -> Row:
    return {
        "notice_id": notice_id,
        "told_json": json.dumps({"kind": "invoice_issued", "package": row["package"]}),
        "mail_json": json.dumps({"notice_id": notice_id}),
        "mail_key": f"notice:{notice_id}",
    }
