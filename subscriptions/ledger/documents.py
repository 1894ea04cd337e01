"""What must hold of invoices, credit notes and their numbers (I1 to I4)."""

from subscriptions.ledger.finding import Check

DOCUMENTS = (
    Check(
        name="document_of_payment",
        sentence="Each document is of a payment that succeeded, and of that payment's account and subscription.",
        sql="""
            SELECT d.number, format('%%s %%s; payment %%s is %%s', d.gross, d.currency, p.public_id,
                                    coalesce(p.status, 'missing'))
            FROM subscriptions_document d LEFT JOIN subscriptions_payment p ON p.id = d.payment_id
            WHERE p.id IS NULL OR p.status <> 'succeeded' OR p.currency <> d.currency
               OR p.account_id <> d.account_id OR p.subscription_id <> d.subscription_id
        """,
    ),
    Check(
        name="document_vat",
        sentence="Gross = net + VAT; net is gross / (1 + rate), half a cent up; the rate is as agreed (I1, S10).",
        sql="""
            SELECT d.number, format('gross %%s, net %%s, VAT %%s at %%s %%%%; the contract says %%s %%%%',
                                    d.gross, d.net, d.vat, d.vat_rate, coalesce(a.vat_rate, s.vat_rate))
            FROM subscriptions_document d
            JOIN subscriptions_subscription s ON s.id = d.subscription_id
            LEFT JOIN subscriptions_payment p ON p.id = d.payment_id
            LEFT JOIN (SELECT subscription_id, vat_rate, first_index, lead(first_index) OVER (
                           PARTITION BY subscription_id ORDER BY first_index) AS next_index
                       FROM subscriptions_contractamendment) a
                ON a.subscription_id = s.id AND p.period_index >= a.first_index
                AND (a.next_index IS NULL OR p.period_index < a.next_index)
            WHERE d.gross <> d.net + d.vat OR d.net <> round(d.gross * 100 / (100 + d.vat_rate), 2)
               OR d.vat_rate <> coalesce(a.vat_rate, s.vat_rate)
        """,
    ),
    Check(
        name="numbers_without_gap",
        sentence="Numbers run 1, 2, 3 ... by legal entity, kind and year, without gap or repeat (I2).",
        sql="""
            SELECT number, format('number %%s follows %%s', sequence, before)
            FROM (SELECT number, sequence, coalesce(lag(sequence) OVER series, 0) AS before
                  FROM subscriptions_document
                  WINDOW series AS (PARTITION BY legal_entity_id, kind, year ORDER BY sequence)) d
            WHERE sequence <> before + 1
        """,
    ),
    Check(
        name="numbers_in_order",
        # A worker reads the clock before it calls the provider and takes the number after it: others may overtake it.
        sentence="Numbers are given in the order of time, but for an hour in which workers may overtake each other.",
        sql="""
            SELECT number, format('issued %%s, the number before it %%s', issued_at, before)
            FROM (SELECT number, issued_at, lag(issued_at) OVER series AS before
                  FROM subscriptions_document
                  WINDOW series AS (PARTITION BY legal_entity_id, kind, year ORDER BY sequence)) d
            WHERE issued_at < before - interval '1 hour'
        """,
    ),
    Check(
        name="number_as_printed",
        sentence="The printed number is that of seller, kind, year and place in the series, the year that of the "
        "issue, and the seller of a credit note that of its invoice.",
        sql="""
            SELECT d.number, format('%%s %%s of %%s, issued on %%s', d.kind, d.sequence, d.year, d.issued_on)
            FROM subscriptions_document d
            JOIN subscriptions_subscription s ON s.id = d.subscription_id
            JOIN portal_market m ON m.id = s.market_id
            JOIN portal_legalentity e ON e.id = d.legal_entity_id
            LEFT JOIN subscriptions_document i ON i.id = d.corrects_id
            WHERE d.number <> concat(CASE d.kind WHEN 'credit_note' THEN 'CN-' END, e.series, '-', d.year, '-',
                                     lpad(d.sequence::text, greatest(6, length(d.sequence::text)), '0'))
               OR d.year <> extract(year FROM d.issued_on)
               OR d.issued_on <> (d.issued_at AT TIME ZONE m.time_zone)::date
               OR d.legal_entity_id <> i.legal_entity_id
        """,
    ),
    Check(
        name="series_stands_at_last",
        sentence="The row of a number series stands at its highest number.",
        sql="""
            SELECT concat_ws(' ', e.code, kind, year), format('the row stands at %%s, the highest number is %%s',
                                                             coalesce(n.last_number, 0), coalesce(d.last, 0))
            FROM subscriptions_numberseries n
            FULL JOIN (SELECT legal_entity_id, kind, year, max(sequence) AS last
                       FROM subscriptions_document GROUP BY 1, 2, 3) d USING (legal_entity_id, kind, year)
            JOIN portal_legalentity e ON e.id = legal_entity_id
            WHERE n.last_number IS DISTINCT FROM d.last
        """,
    ),
    Check(
        name="refund_documented",
        sentence="Each refund that was paid has one credit note of its amount, naming the invoice of its payment, the "
        "old system's where that was taken over; no other refund has any.",
        sql="""
            SELECT r.public_id, format('%%s: %%s %%s, %%s credit notes over %%s', r.status, r.amount, r.currency,
                                       count(n.id), coalesce(sum(n.gross), 0))
            FROM subscriptions_refund r
            LEFT JOIN subscriptions_document n ON n.refund_id = r.id
            LEFT JOIN subscriptions_document i ON i.id = n.corrects_id
            LEFT JOIN subscriptions_takenover t ON t.payment_id = r.payment_id
            GROUP BY r.id
            HAVING count(n.id) <> CASE r.status WHEN 'succeeded' THEN 1 ELSE 0 END
                OR bool_or(n.kind <> 'credit_note' OR n.gross <> r.amount OR n.payment_id <> r.payment_id
                           OR CASE WHEN t.id IS NULL
                                   THEN (i.kind = 'invoice' AND i.payment_id = r.payment_id) IS NOT TRUE
                                   ELSE i.id IS NOT NULL OR n.old_invoice <> t.invoice_number END)
                   FILTER (WHERE n.id IS NOT NULL)
        """,
    ),
    Check(
        name="credit_within_invoice",
        sentence="The credit notes of an invoice are together at most its amount, and each is of a refund; but for one "
        "where another invoice took its place (I4).",
        sql="""
            SELECT i.number, format('invoice over %%s, credit notes over %%s: %%s', i.gross, sum(n.gross),
                                    string_agg(n.number, ', ' ORDER BY n.sequence))
            FROM subscriptions_document n
            JOIN subscriptions_document i ON i.id = n.corrects_id
            LEFT JOIN subscriptions_document r ON r.replaces_id = i.id
            GROUP BY i.id, r.id
            HAVING sum(n.gross) > i.gross OR count(*) - count(n.refund_id) <> count(r.id) / count(*)
        """,
    ),
    Check(
        name="correction_whole",
        sentence="An invoice whose place another took is credited to the last cent, by one credit note over the amount "
        "of the new one; the new one is of the same payment and later (I4).",
        sql="""
            SELECT r.number, format('%%s %%s in place of %%s over %%s, of which %%s is credited, %%s without a refund',
                                    r.gross, r.currency, i.number, i.gross, coalesce(sum(n.gross), 0),
                                    coalesce(sum(n.gross) FILTER (WHERE n.refund_id IS NULL), 0))
            FROM subscriptions_document r
            LEFT JOIN subscriptions_document i ON i.id = r.replaces_id
            LEFT JOIN subscriptions_document n ON n.corrects_id = i.id AND n.kind = 'credit_note'
            WHERE r.replaces_id IS NOT NULL
            GROUP BY r.id, i.id
            HAVING i.id IS NULL OR i.kind <> 'invoice' OR r.kind <> 'invoice' OR i.id >= r.id
                OR i.payment_id <> r.payment_id OR sum(n.gross) IS DISTINCT FROM i.gross
                OR sum(n.gross) FILTER (WHERE n.refund_id IS NULL) IS DISTINCT FROM r.gross
        """,
    ),
)
