"""What must hold of subscriptions: their dates, their states, and what was agreed."""

from subscriptions.ledger.finding import Check

CONTRACTS = (
    Check(
        name="next_charge",
        sentence="What renews is charged next on the date that S5 gives for it; what has an end is not charged again.",
        sql="""
            SELECT s.public_id, format('%%s, %%s periods paid, ends %%s: next charge %%s, by the contract %%s',
                                       s.status, s.periods_paid, coalesce(s.ends_on::text, 'never'),
                                       coalesce(s.next_charge_on::text, 'none'), coalesce(due.due_on::text, 'none'))
            FROM subscriptions_subscription s
            CROSS JOIN LATERAL (SELECT CASE
                WHEN s.plan_id IS NOT NULL AND s.ends_on IS NULL AND s.status <> 'ended' THEN
                    (s.activated_on + make_interval(months => s.trial_months + s.periods_paid * s.term_months))::date
            END) AS due (due_on)
            WHERE s.status <> 'abandoned' AND s.next_charge_on IS DISTINCT FROM due.due_on
        """,
    ),
    Check(
        name="next_try",
        sentence="What renews is tried on its charge date, later only after a failed try; nothing else is tried (P2).",
        sql="""
            SELECT public_id, format('%%s, %%s tries used, next charge %%s, next try %%s', status, tries_used,
                                     next_charge_on, next_try_on)
            FROM subscriptions_subscription
            WHERE CASE WHEN status NOT IN ('trial', 'paid', 'past_due') OR ends_on IS NOT NULL
                       THEN next_try_on IS NOT NULL
                       WHEN tries_used = 0 THEN next_try_on IS DISTINCT FROM next_charge_on
                       ELSE (next_try_on > next_charge_on) IS NOT TRUE END
        """,
    ),
    Check(
        name="tries_used",
        sentence="Three tries at most; a live subscription is past due exactly while one or two have failed (P2).",
        sql="""
            SELECT public_id, format('%%s, %%s tries used', status, tries_used)
            FROM subscriptions_subscription
            WHERE tries_used > 3
               OR (status IN ('scheduled', 'pending', 'complimentary', 'trial', 'paid') AND tries_used > 0)
               OR (status = 'past_due' AND tries_used NOT IN (1, 2))
               OR (status = 'ended' AND end_reason = 'payment_failed' AND tries_used <> 3)
        """,
    ),
    Check(
        name="state_and_cover",
        sentence="A live subscription has what its state says: a trial before its first charge, a paid period that "
        "runs or is due, free years with their end, an order ahead its day.",
        sql="""
            SELECT s.public_id, format('%%s, %%s periods paid, covered until %%s, next try %%s, ends %%s', s.status,
                                       s.periods_paid, cover.until, s.next_try_on, s.ends_on)
            FROM subscriptions_subscription s
            JOIN portal_market m ON m.id = s.market_id
            CROSS JOIN LATERAL (SELECT
                (s.activated_on + make_interval(months => s.trial_months + s.periods_paid * s.term_months))::date
                    + coalesce((SELECT sum(e.days)::int FROM subscriptions_extension e
                                WHERE e.subscription_id = s.id), 0),
                (%(now)s::timestamptz AT TIME ZONE m.time_zone)::date,
                s.activated_on > (s.ordered_at AT TIME ZONE m.time_zone)::date
            ) AS cover (until, today, is_ahead)
            WHERE CASE s.status
                WHEN 'trial' THEN s.trial_months = 0 OR s.periods_paid > 0
                WHEN 'paid' THEN s.periods_paid = 0 AND NOT cover.is_ahead
                WHEN 'scheduled' THEN s.periods_paid > 0 OR s.ends_on IS NOT NULL OR NOT cover.is_ahead
                WHEN 'pending' THEN s.periods_paid > 0 OR s.trial_months > 0
                WHEN 'complimentary' THEN s.plan_id IS NOT NULL OR s.ends_on IS NULL
                ELSE false END
               OR (s.status IN ('trial', 'paid') AND s.ends_on > cover.until)
               OR (s.status IN ('trial', 'paid') AND cover.until <= cover.today
                   AND NOT coalesce(s.next_try_on <= cover.today, false)
                   AND NOT coalesce(s.ends_on <= cover.today, false))
        """,
    ),
    Check(
        name="ended_whole",
        sentence="What has ended has its moment, date and reason, and did not end early; nothing else has ended.",
        sql="""
            SELECT s.public_id, format('%%s, end set for %%s, ended %%s, reason "%%s"', s.status, s.ends_on, s.ended_at,
                                       s.end_reason)
            FROM subscriptions_subscription s JOIN portal_market m ON m.id = s.market_id
            WHERE CASE WHEN s.status = 'ended'
                       THEN s.ended_at IS NULL OR s.ends_on IS NULL OR s.end_reason = ''
                            OR (s.ended_at AT TIME ZONE m.time_zone)::date < s.ends_on
                       ELSE s.ended_at IS NOT NULL OR (s.ends_on IS NULL) <> (s.end_reason = '') END
        """,
    ),
    Check(
        name="pending_is_being_paid",
        sentence="An order waits exactly as long as its first charge is open (S11).",
        sql="""
            SELECT s.public_id, format('%%s, ordered %%s, %%s open payments', s.status, s.ordered_at, count(p.id))
            FROM subscriptions_subscription s
            LEFT JOIN subscriptions_payment p ON p.subscription_id = s.id AND p.status IN ('started', 'unknown')
            WHERE s.status IN ('pending', 'abandoned')
            GROUP BY s.id HAVING count(p.id) <> CASE s.status WHEN 'pending' THEN 1 ELSE 0 END
        """,
    ),
    Check(
        name="trial_used_once",
        sentence="A free month is used once by an account and package, by a subscription that has one, or by the "
        "refund of one that was missed (S3, K3).",
        sql="""
            SELECT public_id, format('%%s months free, recorded %%s times for it, %%s times for account and package',
                                     trial_months, recorded, coalesce(of_account, 0))
            FROM (SELECT s.public_id, s.trial_months, count(t.id) AS recorded, max(t.of_account) AS of_account,
                         bool_or(t.account_id <> s.account_id OR t.package_id <> s.package_id) AS is_of_another,
                         (SELECT count(*) FROM subscriptions_givingback g
                          JOIN subscriptions_payment p ON p.id = g.payment_id
                          WHERE p.subscription_id = s.id AND g.kind = 'missed_month' AND g.refund_id IS NOT NULL
                         ) AS made_good,
                         (s.status = 'scheduled' OR s.ends_on < s.activated_on) IS TRUE AS is_before_it,
                         -- Ordered ahead and ended on its very day: begun or not.
                         (s.ends_on = s.activated_on
                          AND s.activated_on > (s.ordered_at AT TIME ZONE m.time_zone)::date) IS TRUE AS is_in_doubt
                  FROM subscriptions_subscription s
                  JOIN portal_market m ON m.id = s.market_id
                  LEFT JOIN (SELECT *, count(*) OVER (PARTITION BY account_id, package_id) AS of_account
                             FROM subscriptions_trialuse) t ON t.subscription_id = s.id
                  GROUP BY s.id, m.id) used
            WHERE CASE WHEN trial_months = 0 OR is_before_it THEN recorded <> made_good
                       WHEN is_in_doubt THEN recorded > 1
                       ELSE recorded <> 1 END
               OR is_of_another OR of_account > 1
        """,
    ),
    Check(
        name="contract_kept",
        sentence="Each concluded order has a contract that agrees with price, VAT and dates; no other has one (S10). It "
        "names its Terms, but for one that was taken over.",
        sql="""
            SELECT s.public_id, format('%%s, %%s %%s at %%s %%%%; contract %%s: %%s', s.status, s.price, s.currency,
                                       s.vat_rate, coalesce(c.number, 'missing'), c.agreed)
            FROM subscriptions_subscription s
            LEFT JOIN subscriptions_contract c ON c.subscription_id = s.id
            LEFT JOIN subscriptions_takenover t ON t.subscription_id = s.id
            WHERE (c.id IS NOT NULL AND (c.terms_version_id IS NULL) <> (t.id IS NOT NULL)) OR (c.id IS NOT NULL) <> (s.plan_id IS NOT NULL AND s.status NOT IN ('pending', 'abandoned'))
               OR (c.id IS NOT NULL AND (
                    c.agreed->>'price', c.agreed->>'currency', c.agreed->>'vat_rate', c.agreed->>'trial_months',
                    c.agreed->>'activated_on', c.agreed->>'first_charge_on'
                  ) IS DISTINCT FROM (
                    s.price::text, s.currency::text, s.vat_rate::text, s.trial_months::text,
                    to_char(s.activated_on, 'YYYY-MM-DD'),
                    to_char(s.activated_on + make_interval(months => s.trial_months), 'YYYY-MM-DD')))
        """,
    ),
    Check(
        name="nothing_before_start",
        sentence="Nothing is charged for a contract before its activation date (S4, C4).",
        sql="""
            SELECT p.public_id, format('%%s: %%s begun %%s, activated %%s', p.key, p.amount, p.started_at,
                                       s.activated_on)
            FROM subscriptions_payment p
            JOIN subscriptions_subscription s ON s.id = p.subscription_id
            JOIN portal_market m ON m.id = s.market_id
            WHERE (p.started_at AT TIME ZONE m.time_zone)::date < s.activated_on
        """,
    ),
    Check(
        name="withdrawal_used_once",
        sentence="A refund by withdrawal has used up its account's right, by a contract of that account, or by another "
        "that the same act ended (X5).",
        sql="""
            SELECT s.public_id, format('withdrawn with a refund of %%s; the account''s right was used by %%s contracts',
                                       r.amount, count(w.id))
            FROM subscriptions_refund r
            JOIN subscriptions_payment p ON p.id = r.payment_id
            JOIN subscriptions_subscription s ON s.id = p.subscription_id
            LEFT JOIN subscriptions_withdrawaluse w ON w.account_id = s.account_id
                AND (w.subscription_id = s.id OR w.used_at = r.promised_at)
            WHERE r.basis = 'withdrawal'
            GROUP BY r.id, s.id HAVING count(w.id) <> 1
        """,
    ),
)
