"""What must hold of payments, their periods and their refunds."""

from subscriptions.ledger.finding import Check

PAYMENTS = (
    Check(
        name="payment_invoiced",
        sentence="Each payment that succeeded has exactly one invoice, of its amount and currency; others may only "
        "take its place (I4). One that was taken over has none of ours: it names the old system's.",
        sql="""
            SELECT p.public_id, format('paid %%s %%s, %%s invoices over %%s', p.amount, p.currency, count(d.id),
                                       coalesce(sum(d.gross), 0))
            FROM subscriptions_payment p
            LEFT JOIN subscriptions_takenover t ON t.payment_id = p.id
            LEFT JOIN subscriptions_document d ON d.payment_id = p.id AND d.kind = 'invoice' AND d.replaces_id IS NULL
            WHERE p.status = 'succeeded'
            GROUP BY p.id, t.id
            HAVING count(d.id) <> CASE WHEN t.id IS NULL THEN 1 ELSE 0 END
                OR min(d.gross) <> p.amount OR min(d.currency) <> p.currency
        """,
    ),
    Check(
        name="payment_settled",
        sentence="A payment that succeeded names the provider's charge and the moment; no charge stands for two. One "
        "that was taken over may have no charge that we know.",
        sql="""
            SELECT public_id, format('%%s, charge "%%s", settled %%s, %%s payments name this charge',
                                     key, charge_ref, coalesce(settled_at::text, 'never'), named)
            FROM (SELECT p.*, t.id IS NOT NULL AS is_taken_over, count(*) OVER (PARTITION BY charge_ref) AS named
                  FROM subscriptions_payment p LEFT JOIN subscriptions_takenover t ON t.payment_id = p.id
                  WHERE p.status = 'succeeded') p
            WHERE (charge_ref = '' AND NOT is_taken_over) OR settled_at IS NULL OR (named > 1 AND charge_ref <> '')
        """,
    ),
    Check(
        name="payment_as_agreed",
        sentence="Each payment is over the price agreed for it, and is the account's own, as is its card (S10, W3).",
        sql="""
            SELECT p.public_id, format('%%s: %%s %%s, agreed %%s %%s', p.key, p.amount, p.currency,
                                       coalesce(a.price, s.price), s.currency)
            FROM subscriptions_payment p
            JOIN subscriptions_subscription s ON s.id = p.subscription_id
            LEFT JOIN subscriptions_paymentcard c ON c.id = p.card_id AND c.account_id = p.account_id
            LEFT JOIN (SELECT subscription_id, price, first_index, lead(first_index) OVER (
                           PARTITION BY subscription_id ORDER BY first_index) AS next_index
                       FROM subscriptions_contractamendment) a
                ON a.subscription_id = s.id AND p.period_index >= a.first_index
                AND (a.next_index IS NULL OR p.period_index < a.next_index)
            WHERE p.amount <> coalesce(a.price, s.price) OR p.currency <> s.currency
               OR p.account_id <> s.account_id OR c.id IS NULL
        """,
    ),
    Check(
        name="period_paid_once",
        sentence="No period of a subscription is paid twice (P4).",
        sql="""
            SELECT s.public_id, format('period %%s was paid %%s times: %%s', p.period_index, count(*),
                                       string_agg(p.key, ', ' ORDER BY p.id))
            FROM subscriptions_payment p JOIN subscriptions_subscription s ON s.id = p.subscription_id
            WHERE p.status = 'succeeded'
            GROUP BY s.id, p.period_index HAVING count(*) > 1
        """,
    ),
    Check(
        name="period_dates",
        sentence="A period runs from its charge date to the next one, both counted from the activation date (S5).",
        sql="""
            SELECT p.public_id, format('%%s: %%s to %%s, by the contract %%s to %%s',
                                       p.key, p.period_from, p.period_to, due.from_on, due.to_on)
            FROM subscriptions_payment p
            JOIN subscriptions_subscription s ON s.id = p.subscription_id
            CROSS JOIN LATERAL (SELECT
                (s.activated_on + make_interval(months => s.trial_months + p.period_index * s.term_months))::date,
                (s.activated_on + make_interval(months => s.trial_months + (p.period_index + 1) * s.term_months))::date
            ) AS due (from_on, to_on)
            WHERE (p.period_from, p.period_to) <> (due.from_on, due.to_on)
        """,
    ),
    Check(
        name="periods_paid",
        sentence="A subscription counts as many paid periods as payments succeeded, without gap; a charge after "
        "the end that was given back is none (X11). Of one that was taken over, the periods that were paid before "
        "the one that ran then are counted without.",
        sql="""
            SELECT s.public_id, format('%%s periods counted, %%s paid, the last one number %%s',
                                       s.periods_paid, coalesce(paid.count, 0), coalesce(paid.last, -1))
            FROM subscriptions_subscription s
            LEFT JOIN (
                SELECT p.subscription_id, count(*) AS count, max(p.period_index) AS last
                FROM subscriptions_payment p
                WHERE p.status = 'succeeded' AND NOT EXISTS (
                    SELECT FROM subscriptions_refund r
                    WHERE r.payment_id = p.id AND r.basis = 'unpaid' AND r.amount = p.amount)
                GROUP BY p.subscription_id
            ) paid ON paid.subscription_id = s.id
            LEFT JOIN subscriptions_takenover t ON t.subscription_id = s.id
            WHERE s.periods_paid <> coalesce(paid.count, 0) + greatest(coalesce(t.periods_paid, 0) - 1, 0) OR s.periods_paid <> coalesce(paid.last, -1) + 1
        """,
    ),
    Check(
        name="attempt_after_end",
        sentence="No attempt is started after the end, and a charge that turns up after it is given back whole (X11).",
        sql="""
            SELECT p.public_id, format('%%s: %%s, begun %%s, settled %%s; ended %%s, refunded %%s of %%s',
                                       p.key, p.status, p.started_at, p.settled_at, s.ended_at, p.refunded, p.amount)
            FROM subscriptions_payment p
            JOIN subscriptions_subscription s ON s.id = p.subscription_id
            JOIN portal_market m ON m.id = s.market_id
            WHERE p.started_at > s.ended_at
               OR (p.started_at AT TIME ZONE m.time_zone)::date > s.ends_on
               OR (p.status = 'succeeded' AND p.settled_at > s.ended_at AND p.refunded <> p.amount)
               OR (p.status = 'succeeded' AND s.status = 'abandoned' AND p.refunded <> p.amount)
        """,
    ),
    Check(
        name="payment_open_long",
        sentence="What became of a charge is known within a day (P4).",
        sql="""
            SELECT public_id, format('%%s: %%s %%s is %%s since %%s', key, amount, currency, status, started_at)
            FROM subscriptions_payment
            WHERE status IN ('started', 'unknown') AND started_at < %(now)s::timestamptz - interval '1 day'
        """,
    ),
    Check(
        name="refunds_add_up",
        sentence="The refunds of a payment, promised, rejected and paid, but none that a lost dispute replaced, add up "
        "to what it counts as refunded, and to no more than was paid (X6, P10).",
        sql="""
            SELECT p.public_id, format('%%s: paid %%s, counts %%s as refunded, refunds over %%s',
                                       p.key, p.amount, p.refunded, coalesce(r.sum, 0))
            FROM subscriptions_payment p
            LEFT JOIN (
                SELECT payment_id, sum(amount) AS sum FROM subscriptions_refund
                WHERE status <> 'replaced' GROUP BY payment_id) r
                ON r.payment_id = p.id
            WHERE p.refunded <> coalesce(r.sum, 0) OR p.refunded > p.amount
               OR (p.refunded > 0 AND p.status <> 'succeeded')
        """,
    ),
    Check(
        name="given_back_by_staff",
        sentence="What staff gave back has one refund of its payment, kind and sum, each such refund its record; above "
        "the market's limit two persons made it, or it was so when they did (K3).",
        sql="""
            SELECT coalesce(p.public_id, q.public_id), format('%%s over %%s; refund %%s over %%s', g.kind, g.amount,
                                                              r.basis, r.amount)
            FROM (SELECT * FROM subscriptions_givingback WHERE refund_id IS NOT NULL) g
            FULL JOIN (SELECT * FROM subscriptions_refund WHERE basis IN ('wrong_charge', 'missed_month')) r
                ON r.id = g.refund_id
            LEFT JOIN subscriptions_payment p ON p.id = g.payment_id
            LEFT JOIN subscriptions_payment q ON q.id = r.payment_id
            WHERE (g.payment_id, g.kind, g.amount) IS DISTINCT FROM (r.payment_id, r.basis, r.amount)
               OR (g.needs_two AND g.confirmed_by_id IS NULL) OR g.confirmed_by_id = g.proposed_by_id
        """,
    ),
    Check(
        name="given_back_of_period",
        sentence="What runs counts as given back what staff refunded of its period's payment (K3, X4).",
        sql="""
            SELECT s.public_id, format('counts %%s as given back, refunds by staff over %%s', s.given_back, g.sum)
            FROM subscriptions_subscription s
            LEFT JOIN LATERAL (
                SELECT coalesce(sum(r.amount), 0) AS sum FROM subscriptions_refund r
                JOIN subscriptions_payment p ON p.id = r.payment_id
                WHERE p.subscription_id = s.id AND p.period_index = s.periods_paid - 1
                  AND r.basis IN ('wrong_charge', 'missed_month') AND r.status <> 'replaced') g ON true
            WHERE s.given_back <> g.sum AND s.status <> 'ended'
        """,
    ),
    Check(
        name="refund_of_payment",
        sentence="A refund is of its payment's account and currency; one that was paid names the provider's refund.",
        sql="""
            SELECT r.public_id, format('%%s: %%s %%s, %%s', r.key, r.amount, r.currency, r.status)
            FROM subscriptions_refund r JOIN subscriptions_payment p ON p.id = r.payment_id
            WHERE r.account_id <> p.account_id OR r.currency <> p.currency
               OR (r.status = 'succeeded' AND (r.refund_ref = '' OR r.settled_at IS NULL))
        """,
    ),
    Check(
        name="refund_on_work_list",
        sentence="A refund that was rejected stands on the work list until it is paid or replaced (X6, K4).",
        sql="""
            SELECT r.public_id, format('%%s: %%s, on the work list: %%s', r.key, r.status, w.is_open)
            FROM subscriptions_refund r
            LEFT JOIN (SELECT subject, true AS is_open FROM subscriptions_workitem
                       WHERE kind = 'refund_rejected' AND closed_at IS NULL) w ON w.subject = r.public_id::text
            WHERE (r.status = 'rejected' AND w.is_open IS NULL) OR (r.status IN ('succeeded', 'replaced') AND w.is_open)
        """,
    ),
    Check(
        name="transfer_by_two",
        sentence="A refund is paid by bank transfer exactly when two persons have recorded that transfer (X6).",
        sql="""
            SELECT r.public_id, format('%%s: %%s by %%s, transfers that two persons recorded: %%s',
                                       r.key, r.status, r.channel, coalesce(t.recorded, 'none'))
            FROM subscriptions_refund r
            LEFT JOIN (
                SELECT refund_id, string_agg(reference, ', ') AS recorded FROM subscriptions_banktransfer
                WHERE confirmed_by_id <> proposed_by_id AND dropped_at IS NULL GROUP BY refund_id) t
                ON t.refund_id = r.id
            WHERE (r.channel = 'transfer') <> (t.recorded IS NOT NULL)
               OR (r.channel = 'transfer' AND (r.status <> 'succeeded' OR r.refund_ref <> t.recorded))
        """,
    ),
    Check(
        name="taken_over_as_it_was",
        sentence="What was taken over from another system is charged on that one's dates: its next charge then is the "
        "one that S5 gives after the periods paid there, the last of which is its payment; the audit trail says so "
        "once.",
        sql="""
            SELECT s.public_id, format('%%s periods paid there, next charge there %%s, by the contract %%s; payment of '
                                       'period %%s, %%s; %%s records', t.periods_paid, t.next_charge_on, due.due_on,
                                       p.period_index, p.status, audited.count)
            FROM subscriptions_takenover t
            JOIN subscriptions_subscription s ON s.id = t.subscription_id
            LEFT JOIN subscriptions_payment p ON p.id = t.payment_id
            CROSS JOIN LATERAL (SELECT
                (s.activated_on + make_interval(months => s.trial_months + t.periods_paid * s.term_months))::date
            ) AS due (due_on)
            CROSS JOIN LATERAL (SELECT count(*) FROM portal_auditrecord r WHERE r.what = 'taken over'
                AND r.subject_type = 'subscriptions.subscription' AND r.subject_id = s.id) AS audited
            WHERE t.next_charge_on <> due.due_on OR s.periods_paid < t.periods_paid OR audited.count <> 1
               OR (p.id IS NOT NULL AND (p.subscription_id, p.period_index, p.status::text)
                   IS DISTINCT FROM (s.id, t.periods_paid - 1, 'succeeded'))
        """,
    ),
    Check(
        name="dispute_on_work_list",
        sentence="A payment stands on the work list as disputed exactly while a dispute of it is open (P10).",
        sql="""
            SELECT p.public_id, format('%%s: open disputes: %%s, on the work list: %%s', p.key, d.is_open, w.is_open)
            FROM (SELECT DISTINCT payment_id, true AS is_open FROM subscriptions_dispute WHERE state = 'opened') d
            FULL JOIN (SELECT payment_id, true AS is_open FROM subscriptions_workitem
                       WHERE kind = 'dispute_opened' AND closed_at IS NULL) w USING (payment_id)
            JOIN subscriptions_payment p ON p.id = payment_id
            WHERE d.is_open IS DISTINCT FROM w.is_open
        """,
    ),
)
