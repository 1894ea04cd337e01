"""The event of a case, for the app's backend."""

from accounts.hooks.kinds import Kind, of_subject
from support.models import Case

ANSWERED = Kind(
    name="case.answered",
    text="The customer centre has answered a case.",
    told_by=frozenset({"case answered"}),
    ids=of_subject(Case, ids=lambda _record, row: {"case": str(row.public_id)}),
    names=("account", "case"),
)
