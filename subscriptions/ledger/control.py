"""What must hold of cars that change hands (V4, S7)."""

from subscriptions.ledger.finding import Check

CONTROL = (
    Check(
        name="held_by_active",
        sentence="Whatever runs on a car is held by the account that controls it (S7, C7).",
        sql="""
            SELECT s.public_id, format('%%s since %%s, its account does not control the car', s.status, s.activated_on)
            FROM subscriptions_subscription s
            WHERE s.status NOT IN ('ended', 'abandoned') AND NOT EXISTS (
                SELECT FROM garage_membership m
                WHERE m.account_id = s.account_id AND m.vehicle_id = s.vehicle_id AND m.is_active
                  AND m.ended_at IS NULL)
        """,
    ),
    Check(
        name="objection_on_work_list",
        sentence="A request for control stands on the work list exactly while an objection to it is open (V4).",
        sql="""
            SELECT coalesce(t.public_id, w.subject), format('state %%s, on the work list: %%s',
                                                            coalesce(t.state, 'none'), w.subject IS NOT NULL)
            FROM (SELECT public_id::text, state FROM garage_controltransfer WHERE state = 'objected') t
            FULL JOIN (SELECT subject FROM subscriptions_workitem
                       WHERE kind = 'control_objected' AND closed_at IS NULL) w ON w.subject = t.public_id
            WHERE t.public_id IS NULL OR w.subject IS NULL
        """,
    ),
)
