"""What must hold of new prices and of discontinued packages (S10)."""

from subscriptions.ledger.finding import Check

TERMS = (
    Check(
        name="price_offered_in_time",
        sentence="A new price is offered sixty days before the charge that it touches, as it was announced (S10).",
        sql="""
            SELECT s.public_id, format('charge %%s of %%s, by S5 %%s; offered %%s at %%s, announced %%s from %%s',
                                       o.period_index, o.charge_on, due.due_on, o.offered_at, o.price, c.price,
                                       c.effective_on)
            FROM subscriptions_priceoffer o
            JOIN subscriptions_subscription s ON s.id = o.subscription_id
            JOIN subscriptions_pricechange c ON c.id = o.change_id
            JOIN portal_market m ON m.id = s.market_id
            CROSS JOIN LATERAL (SELECT
                (s.activated_on + make_interval(months => s.trial_months + o.period_index * s.term_months))::date
            ) AS due (due_on)
            WHERE o.charge_on <> due.due_on OR o.charge_on < c.effective_on OR c.plan_id IS DISTINCT FROM s.plan_id
               OR (o.price, o.vat_rate) IS DISTINCT FROM (c.price, c.vat_rate)
               OR (o.offered_at AT TIME ZONE m.time_zone)::date > o.charge_on - 60
        """,
    ),
    Check(
        name="amendment_as_offered",
        sentence="An amendment says what was offered, and was accepted after that and before its charge (S10).",
        sql="""
            SELECT s.public_id, format('charge %%s at %%s, accepted %%s; offered charge %%s at %%s, on %%s',
                                       a.first_index, a.price, a.accepted_at, o.period_index, o.price, o.offered_at)
            FROM subscriptions_contractamendment a
            JOIN subscriptions_subscription s ON s.id = a.subscription_id
            JOIN subscriptions_priceoffer o ON o.id = a.offer_id
            JOIN portal_market m ON m.id = s.market_id
            WHERE (a.subscription_id, a.first_index, a.first_charge_on, a.price, a.vat_rate, a.currency::text)
                  IS DISTINCT FROM
                  (o.subscription_id, o.period_index, o.charge_on, o.price, o.vat_rate, s.currency::text)
               OR a.accepted_at < o.offered_at
               OR (a.accepted_at AT TIME ZONE m.time_zone)::date >= o.charge_on
        """,
    ),
    Check(
        name="charged_unaccepted",
        sentence="No payment is begun for a charge whose new price was offered and not accepted (S10).",
        sql="""
            SELECT p.public_id, format('%%s: %%s for %%s, a new price of %%s was not accepted', p.key, p.amount,
                                       p.period_from, o.price)
            FROM subscriptions_priceoffer o
            JOIN subscriptions_payment p ON p.subscription_id = o.subscription_id AND p.period_index >= o.period_index
            LEFT JOIN subscriptions_contractamendment a ON a.offer_id = o.id
            WHERE a.id IS NULL
        """,
    ),
    Check(
        name="charged_discontinued",
        sentence="No payment is begun for a period that starts when its package is gone (S10).",
        sql="""
            SELECT p.public_id, format('%%s: %%s for %%s, its package ended on %%s', p.key, p.amount, p.period_from,
                                       d.ends_on)
            FROM subscriptions_discontinuation d
            JOIN subscriptions_subscription s ON s.package_id = d.package_id AND s.market_id = d.market_id
            JOIN subscriptions_payment p ON p.subscription_id = s.id AND p.period_from >= d.ends_on
        """,
    ),
)
