"""The pages for people say what the code does: sums are computed again, names are looked up."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from portal.money import split_gross
from subscriptions.actions.catalogue import load_catalogue
from subscriptions.catalogue.file import read_catalogue_file
from subscriptions.invoicing.numbering import printed_number
from subscriptions.models import Package
from subscriptions.models.document import DocumentKind
from subscriptions.rehearsal.story import VOCABULARY
from subscriptions.rules.advance_notice import charge_warnings
from subscriptions.rules.cancellation import Standing, quote_cancellation, upcoming_charges
from subscriptions.rules.complimentary import complimentary_months, complimentary_period, plan_starts_on
from subscriptions.rules.discontinuing import quote_discontinuation
from subscriptions.rules.leaving import Leaver, end_at_once
from subscriptions.rules.lifecycle import Status
from subscriptions.rules.not_working import Check
from subscriptions.rules.periods import TERM_MONTHS, Period, charge_on
from subscriptions.rules.pricing import charge_touched
from subscriptions.rules.projection import project, standing_at_order
from subscriptions.rules.retries import GiveUp, after_failed_try
from subscriptions.rules.term_change import change_of_term
from subscriptions.rules.vat import gather, place_of_supply
from subscriptions.rules.withdrawal import WithdrawalQuote, last_withdrawal_day, quote_withdrawal
from subscriptions.words.not_working import CHECKS
from tests.make import NOW

REPOSITORY = Path(__file__).parents[2]
PARTS = ["Status", "Context", "Decision", "Consequences"]
Row = dict[str, str]


def tables(page: Path) -> dict[tuple[str, ...], list[Row]]:
    """The rows of a page's tables by their header."""
    found: dict[tuple[str, ...], list[Row]] = {}
    header: tuple[str, ...] = ()
    for line in page.read_text().splitlines():
        cells = tuple(cell.strip() for cell in line.strip("|").split("|")) if line.startswith("|") else ()
        if not cells:
            header = ()
        elif not header:
            header = cells
        elif set(line) - set("|-"):
            found.setdefault(header, []).append(dict(zip(header, cells, strict=True)))
    return found


def charges(row: Row) -> Row:
    dates = upcoming_charges(
        activated_on=date.fromisoformat(row["Activated"]),
        trial_months=int(row["Trial months"]),
        term_months=TERM_MONTHS[row["Term"]],
        first=0,
        count=row["First charges"].count(",") + 1,
    )
    return {"First charges": ", ".join(map(str, dates))}


def free_years(row: Row) -> Row:
    months = complimentary_months({"MM21": 48, "default": 36}, row["Generation"])
    period = complimentary_period(free_years_start_on=date.fromisoformat(row["Free years count from"]), months=months)
    return {"Months": str(months), "First day without": str(period and period.end_on)}


def ordered_ahead(row: Row) -> Row:
    free = Period(date(2020, 3, 15), date.fromisoformat(row["Free until"]))
    today = date.fromisoformat(row["Ordered on"])
    starts_on = plan_starts_on(free, today=today, days_ahead=int(row["Days ahead"]))
    if starts_on is None:
        return {"Starts on": "not yet"}
    trial = int(row["Trial months"])
    first = charge_on(activated_on=starts_on, trial_months=trial, term_months=12, index=0)
    until = last_withdrawal_day(starts_on)
    return {"Starts on": str(starts_on), "Charged first on": str(first), "Withdraw until": str(until)}


def vat(row: Row) -> Row:
    split = split_gross(Decimal(row["Gross"]), Decimal(row["Rate %"]))
    return {"Gross": str(split.gross), "Net": str(split.net), "VAT": str(split.vat)}


def warning(row: Row) -> Row:
    notices = charge_warnings(
        is_trial=row["Standing"] == "trial",
        term_months=TERM_MONTHS[row["Term"]],
        next_charge_on=date.fromisoformat(row["Charge on"]),
    )
    told = [(notice.kind, str(notice.event_on - timedelta(days=notice.days_before))) for notice in notices]
    kind, since = told[0] if told else ("none", "never")
    return {"Notice": kind, "From": since}


def failed_try(row: Row) -> Row:
    step = after_failed_try(tries_used=int(row["Tries used"]), tried_on=date.fromisoformat(row["Tried on"]))
    return {"Next": "ends" if isinstance(step, GiveUp) else str(step.on)}


def standing_of(row: Row) -> Standing:
    activated_on, periods_paid = date.fromisoformat(row["Activated"]), int(row["Periods paid"])
    trial_months, term_months = int(row["Trial months"]), TERM_MONTHS[row["Term"]]
    return Standing(
        status=Status.PAID if periods_paid else Status.TRIAL,
        activated_on=activated_on,
        trial_months=trial_months,
        term_months=term_months,
        periods_paid=periods_paid,
        paid=Decimal(row["Paid"]),
        next_charge_on=charge_on(
            activated_on=activated_on, trial_months=trial_months, term_months=term_months, index=periods_paid
        ),
    )


def cancellation(row: Row) -> Row:
    quote = quote_cancellation(standing_of(row), today=date.fromisoformat(row["Cancelled on"]))
    return {"Months used": str(quote.months_used), "Refund": str(quote.refund), "Ends on": str(quote.ends_on)}


def new_price(row: Row) -> Row:
    touched = charge_touched(
        activated_on=date.fromisoformat(row["Activated"]),
        trial_months=int(row["Trial months"]),
        term_months=TERM_MONTHS[row["Term"]],
        first=0,
        effective_on=date.fromisoformat(row["New price from"]),
        today=date.fromisoformat(row["Announced on"]),
    )
    return {"Touched charge": str(touched.charge_on), "Offered on": str(touched.offer_on)}


def discontinued(row: Row) -> Row:
    gone_on = date.fromisoformat(row["Package gone on"])
    quote = quote_discontinuation(standing_of(row), ends_on=gone_on, refundable=Decimal(row["Paid"]))
    return {"Whole months left": str(quote.months_left), "Paid back": str(quote.refund)}


def changed_term(row: Row) -> Row:
    changed_on = date.fromisoformat(row["Changed on"])
    change = change_of_term(
        term="monthly",
        term_months=1,
        trial_months=0,
        price=Decimal("9.90"),
        end=quote_cancellation(standing_of(row), today=changed_on),
        ends_on=changed_on,
        today=changed_on,
    )
    return {"Paid back then": str(change.end and change.end.refund), "New term from": str(change.begins_on)}


def withdrawal(row: Row) -> Row:
    answer = quote_withdrawal(
        activated_on=date.fromisoformat(row["Activated"]),
        has_used_right=row["Right used"] == "yes",
        paid=Decimal(row["Paid"]),
        refunded=Decimal(row["Refunded before"]),
        today=date.fromisoformat(row["Asked on"]),
    )
    return {"Answer": f"refund {answer.refund}" if isinstance(answer, WithdrawalQuote) else str(answer)}


def foretold(row: Row) -> Row:
    ordered_on = date.fromisoformat(row["Ordered"])
    order = standing_at_order(
        activated_on=ordered_on,
        trial_months=int(row["Trial months"]),
        term_months=TERM_MONTHS[row["Term"]],
        price=Decimal("99.00"),
    )
    then = project(order, today=ordered_on, on=date.fromisoformat(row["Asked for"]))
    charged = ", ".join(map(str, then.charged_on)) or "none"
    return {"Charged after ordering": charged, "Next charge": str(then.standing.next_charge_on)}


def leaving(row: Row) -> Row:
    activated_on, term_months = date.fromisoformat(row["Activated"]), TERM_MONTHS[row["Term"]]
    standing = Standing(
        status=Status.PAID,
        activated_on=activated_on,
        trial_months=0,
        term_months=term_months,
        periods_paid=1,
        paid=Decimal("60.00"),
        next_charge_on=charge_on(activated_on=activated_on, trial_months=0, term_months=term_months, index=1),
    )
    ends_on = standing.next_charge_on if row["Cancelled before"] == "yes" else None
    leaver = Leaver(standing=standing, ends_on=ends_on, paid=standing.paid, refunded=Decimal("0.00"))
    quote = end_at_once(leaver, has_used_right=row["Right used"] == "yes", today=date.fromisoformat(row["Leaves on"]))
    return {"Paid back of 60.00": str(quote.refund)}


def number(row: Row) -> Row:
    kind = DocumentKind(row["Kind"].replace(" ", "_"))
    sequence, year = int(row["Sequence"]), int(row["Year"])
    return {"Number": printed_number(series_code=row["Series"], kind=kind, year=year, sequence=sequence)}


COMPUTED: dict[str, Callable[[Row], Row]] = {
    "First charges": charges,
    "First day without": free_years,
    "Starts on": ordered_ahead,
    "VAT": vat,
    "Notice": warning,
    "Next": failed_try,
    "Refund": cancellation,
    "Answer": withdrawal,
    "Charged after ordering": foretold,
    "Paid back of 60.00": leaving,
    "Touched charge": new_price,
    "Paid back": discontinued,
    "Paid back then": changed_term,
    "Number": number,
}
EXAMPLES = [(header, row) for header, rows in tables(REPOSITORY / "docs" / "billing.md").items() for row in rows]


@pytest.mark.parametrize(
    ("header", "row"), EXAMPLES, ids=lambda value: " ".join(value.values()) if isinstance(value, dict) else value[-1]
)
def test_every_worked_sum_of_the_billing_page_is_what_the_rules_say(header, row):
    [compute] = [function for column, function in COMPUTED.items() if column in header]
    assert row | compute(row) == row


def test_every_kind_of_sum_has_an_example_on_the_billing_page():
    shown = {column for header, _ in EXAMPLES for column in header}
    assert shown >= COMPUTED.keys()


@pytest.mark.django_db
def test_the_free_months_of_the_billing_page_are_the_sample_catalogues(market):
    file = read_catalogue_file(REPOSITORY / "portal" / "data" / "lexus_cy" / "catalogue.yaml")
    load_catalogue(file, now=NOW)
    assert Package.objects.get(code="navigation").complimentary_months == {"MM21": 48, "default": 36}


def test_the_readme_names_every_variable_that_settings_read():
    read = re.findall(r'\benv(?:_bool|_list)?\(\s*"([A-Z_]+)"', (REPOSITORY / "portal" / "settings.py").read_text())
    named = [
        row["Variable"].strip("`")
        for rows in tables(REPOSITORY / "README.md").values()
        for row in rows
        if "Variable" in row
    ]
    assert sorted(named) == sorted(set(read))


def test_I3_the_page_of_documents_decides_the_country_as_the_rule():
    codes = {"none": "", "not told": ""}
    for row in tables(REPOSITORY / "docs" / "documents.md")[
        ("Billing address", "Card", "Market", "Country", "For finance")
    ]:
        billing, card, market = (codes.get(row[name], row[name]) for name in ("Billing address", "Card", "Market"))
        evidence = gather(billing_country=billing, card_country=card, market_country=market)
        assert place_of_supply(evidence, market_country=market) == (row["Country"], row["For finance"])


def test_the_page_of_what_does_not_work_names_every_check_in_its_order():
    header = ("Check", "Fails", "May be the cause", "Link")
    named = [row["Check"] for row in tables(REPOSITORY / "docs" / "why-not-working.md")[header]]
    assert named == [str(CHECKS[check]) for check in Check]


def test_the_rehearsal_page_names_every_act_with_its_values():
    [rows] = [rows for header, rows in tables(REPOSITORY / "docs" / "rehearsal.md").items() if header[0] == "do"]
    listed = {row["do"]: (_names(row["needs"]), _names(row["may have"])) for row in rows}
    assert listed == VOCABULARY


def test_every_proof_of_the_security_page_is_a_test():
    sources = "\n".join(path.read_text() for path in (REPOSITORY / "tests").rglob("test_*.py"))
    proofs = re.findall(r"`(test_\w+)`", (REPOSITORY / "docs" / "security.md").read_text())
    assert proofs
    assert [proof for proof in proofs if f"def {proof}(" not in sources] == []


def test_every_link_between_the_pages_leads_somewhere():
    pages = [REPOSITORY / "README.md", *(REPOSITORY / "docs").rglob("*.md")]
    links = [(page, link) for page in pages for link in re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text())]
    assert [link for page, link in links if not (page.parent / link).exists()] == []


def test_every_decision_is_told_in_four_parts_and_under_300_words():
    for page in (REPOSITORY / "docs" / "adr").glob("*.md"):
        text = page.read_text()
        assert re.findall(r"^(?:## )?(Status|Context|Decision|Consequences)", text, re.MULTILINE) == PARTS
        assert len(text.split()) < 300, page.name


def _names(text: str) -> set[str]:
    return {name.strip() for name in text.split(",") if name.strip()}
