"""What must hold of wallets, of the audit trail, and of the work that leaves by the outbox."""

from subscriptions.ledger.finding import Check

RECORDS = (
    Check(
        name="one_primary_card",
        sentence="An account with cards has one primary card, which is in its wallet (W3).",
        sql="""
            SELECT a.email, format('%%s cards in the wallet, %%s of them primary, %%s removed ones primary',
                                   count(*) FILTER (WHERE c.removed_at IS NULL),
                                   count(*) FILTER (WHERE c.removed_at IS NULL AND c.is_primary),
                                   count(*) FILTER (WHERE c.removed_at IS NOT NULL AND c.is_primary))
            FROM subscriptions_paymentcard c JOIN accounts_account a ON a.id = c.account_id
            GROUP BY a.id
            HAVING count(*) FILTER (WHERE c.removed_at IS NOT NULL AND c.is_primary) > 0
                OR count(*) FILTER (WHERE c.removed_at IS NULL AND c.is_primary)
                   <> CASE WHEN count(*) FILTER (WHERE c.removed_at IS NULL) > 0 THEN 1 ELSE 0 END
        """,
    ),
    Check(
        name="closed_has_nothing",
        sentence="A closed account has nothing that runs, no car and no card, and cannot be signed in to (A6).",
        sql="""
            SELECT a.email, format('%%s running, %%s cars, %%s cards, %%s', running.count, cars.count, cards.count,
                                   CASE WHEN a.is_active THEN 'active' ELSE 'not active' END)
            FROM accounts_closing c
            JOIN accounts_account a ON a.id = c.account_id
            CROSS JOIN LATERAL (SELECT count(*) FROM subscriptions_subscription s WHERE s.account_id = a.id
                                AND s.status NOT IN ('ended', 'abandoned')) AS running
            CROSS JOIN LATERAL (SELECT count(*) FROM garage_membership m
                                WHERE m.account_id = a.id AND m.ended_at IS NULL) AS cars
            CROSS JOIN LATERAL (SELECT count(*) FROM subscriptions_paymentcard p
                                WHERE p.account_id = a.id AND p.removed_at IS NULL) AS cards
            WHERE a.is_active OR running.count + cars.count + cards.count > 0
        """,
    ),
    Check(
        name="card_to_charge",
        sentence="What renews has a card to charge (W5).",
        sql="""
            SELECT s.public_id, format('%%s, next charge %%s, and no card in the wallet', s.status, s.next_charge_on)
            FROM subscriptions_subscription s
            WHERE s.status IN ('scheduled', 'trial', 'paid', 'past_due') AND s.ends_on IS NULL AND NOT EXISTS (
                SELECT FROM subscriptions_paymentcard c WHERE c.account_id = s.account_id AND c.removed_at IS NULL)
        """,
    ),
    Check(
        name="charge_recorded",
        sentence='The audit trail has one "charged" for each payment that succeeded, and none for any other; one that '
        "was taken over was charged elsewhere.",
        sql="""
            SELECT coalesce(p.public_id::text, r.payment, 'record without a payment'),
                   format('%%s: %%s, %%s records of a charge', p.key, coalesce(p.status, 'no such payment'),
                          coalesce(r.times, 0))
            FROM subscriptions_payment p
            FULL JOIN (SELECT data->>'payment' AS payment, subject_id, count(*) AS times FROM portal_auditrecord
                       WHERE what = 'charged' AND subject_type = 'subscriptions.subscription' GROUP BY 1, 2) r
                ON r.payment = replace(p.public_id::text, '-', '') AND r.subject_id = p.subscription_id
            LEFT JOIN subscriptions_takenover t ON t.payment_id = p.id
            WHERE coalesce(r.times, 0) <> CASE WHEN p.status = 'succeeded' AND t.id IS NULL THEN 1 ELSE 0 END
        """,
    ),
    Check(
        name="refund_recorded",
        sentence='The audit trail has as many "refunded" for a subscription as refunds of it were paid.',
        sql="""
            SELECT s.public_id, format('%%s refunds paid, %%s records of it',
                                       coalesce(r.times, 0), coalesce(a.times, 0))
            FROM (SELECT p.subscription_id, count(*) AS times FROM subscriptions_refund f
                  JOIN subscriptions_payment p ON p.id = f.payment_id
                  WHERE f.status = 'succeeded' GROUP BY 1) r
            FULL JOIN (SELECT subject_id AS subscription_id, count(*) AS times FROM portal_auditrecord
                       WHERE what = 'refunded' AND subject_type = 'subscriptions.subscription' GROUP BY 1) a
                USING (subscription_id)
            JOIN subscriptions_subscription s ON s.id = subscription_id
            WHERE r.times IS DISTINCT FROM a.times
        """,
    ),
    Check(
        name="outbox_parked",
        sentence="Nothing that had to leave was given up: no row of the outbox is parked, but for mails that stand on"
        " a list of their own.",
        sql="""
            SELECT dedup_key, format('%%s, %%s attempts, parked %%s: %%s', handler, attempts, parked_at, last_error)
            FROM portal_outboxmessage m WHERE parked_at IS NOT NULL
                AND NOT EXISTS (SELECT FROM accounts_undeliveredmail u WHERE u.message_id = m.id)
        """,
    ),
    Check(
        name="correction_overtaken",
        sentence="Of a fact that staff corrected the registry says what it said then, or the correction (K3).",
        sql="""
            SELECT r.vin, format('%%s: the registry said "%%s" and now says "%%s", corrected to "%%s"', c.fact,
                                 c.registry_said, said.now, c.value)
            FROM garage_factcorrection c
            JOIN garage_vehicle v ON v.id = c.vehicle_id
            JOIN garage_registryentry r ON r.vin = v.vin
            CROSS JOIN LATERAL (SELECT coalesce(to_jsonb(r) ->> c.fact, '')) AS said (now)
            WHERE c.replaced_at IS NULL AND said.now NOT IN (c.registry_said, c.value)
        """,
    ),
)
