"""What a check is, and what it finds."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Check:
    """One sentence that must hold for the whole database, and the one query for the rows for which it does not.

    `sql` selects two columns: the row (a public id, a number), and in words what does not agree. It may use the moment
    `%(now)s`. A month is counted from the activation date and pulled back to the month's end once, by PostgreSQL as by
    `rules.periods.add_months` (S5).
    """

    name: str
    sentence: str
    sql: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A row that does not agree. `check` names the rule, `subject` the row by public id, number or reference."""

    check: str
    subject: str
    text: str
