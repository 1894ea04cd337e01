"""Pages of the desk stay fast at a million rows: neither lists nor the home page sort or read a whole table."""

import re

import pytest
from django.contrib import admin
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from portal.admin import ListAdmin
from portal.desk.home import figures_for, waiting_for
from tests import make

# A line each for what the brand sells, says and sets, for a dealer or a phrasing that failed; not for a customer.
SHORT = re.compile(
    "auth_|allauth_idp_oidc_client|portal_(brand|legalentity|market|vatrate)"
    "|accounts_(dealer|town|termsversion|consentwording)"
    "|garage_(manual|maprelease|maintenanceplan|recall|thirdparty|workshop)"
    "|subscriptions_(package|plan|service|numberseries|catalogueversion|pricechange|discontinuation|documentbundle)"
    "|support_(article|cannedtext|casecategory|samewords|failedsearch)"
)
# A search sorts what it has found. Where no index helps, the planner reads one from its first row to its last.
READ_WHOLE = re.compile(r"Seq Scan on \w+|Index (?:Only )?Scan (?:Backward )?using \w+ on \w+[^\n]*\n +Filter")
# An address, a name, a car, and what numbers look like.
TYPED = ("owner@example.com", "georgiou", "5YJSA1", "kab 123", "4242", "CY-2026-000001", "Anna Panou")
ALL_ROWS = re.compile(r"(?<!Incremental )Sort(?=  \()|HashAggregate|Unique|Seq Scan on \w+")

# What the server has counted meanwhile of tables that other tests have filled and emptied would make all ways equal.
AS_IF_NEVER_COUNTED = """
    DELETE FROM pg_statistic WHERE starelid > 16384;
    UPDATE pg_class SET relpages = 0, reltuples = -1 WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


@pytest.fixture
def chief(market):
    # So few rows are as quickly read and sorted: the planner is to take any other way that there is.
    with connection.cursor() as cursor:
        for way in ("seqscan", "sort", "hashagg", "hashjoin", "mergejoin", "bitmapscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(AS_IF_NEVER_COUNTED)
    return make.account("chief@desk.example.com", market=market, is_staff=True, is_superuser=True)


def steps_of_all_rows(plan, all_rows):
    """What is asked for each row that is shown may sort the few that belong to it."""
    growing = [table for table in re.findall(r" on (\w+)", plan) if not SHORT.match(table)]
    main, _subplan, of_a_row = plan.partition("SubPlan")
    steps = all_rows.findall(main) + re.findall(r"Seq Scan on \w+", of_a_row)
    return [step for step in steps if growing and not SHORT.match(step.removeprefix("Seq Scan on "))]


def seen_whole(ask, all_rows=ALL_ROWS):
    """Of the queries that `ask` makes, those with steps that have to see all rows of a table that grows."""
    found = []

    def explained(execute, sql, params, many, context):
        if sql.startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.cursor.execute(f"EXPLAIN {sql}", params)
                steps = steps_of_all_rows("\n".join(line for (line,) in cursor.cursor), all_rows)
            found.extend([(sql, steps)] if steps else [])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        ask()
    return found


def changelist(page, chief, **asked):
    request = RequestFactory().get("/", asked)
    request.user = chief
    return page.get_changelist_instance(request)


def opened(page, chief):
    """The list as it opens, its count, and what its filters offer."""
    shown = changelist(page, chief)
    return [list(shown.result_list), *(list(each.choices(shown)) for each in shown.filter_specs)]


def rows_of(page, chief, **asked):
    return list(changelist(page, chief, **asked).result_list)


def growing(searched=False):
    pages = [page for page in admin.site._registry.values() if not getattr(page, "is_short", True)]
    return [page for page in pages if page.search_fields or not searched]


def test_K2_a_list_is_short_where_no_customer_adds_a_line_to_it():
    lists = [page for page in admin.site._registry.values() if isinstance(page, ListAdmin)]
    wrong = [str(page) for page in lists if page.is_short != bool(SHORT.match(page.opts.db_table))]
    assert wrong == []


def test_K2_no_list_of_the_desk_sorts_or_reads_a_whole_table(chief):
    pages = [page for page in admin.site._registry.values() if not SHORT.match(page.opts.db_table)]
    assert len(pages) > 30
    slow = {str(page): found for page in pages if (found := seen_whole(lambda page=page: opened(page, chief)))}
    assert slow == {}


def test_K4_nothing_on_the_home_page_reads_a_whole_table(chief):
    now = timezone.now()
    assert seen_whole(lambda: (waiting_for(chief, now=now), figures_for(chief, now=now))) == []


def test_K2_no_search_of_a_list_reads_a_whole_table(estate, chief):
    """By what an address, a name, a car and numbers look like; what is found is read by its keys."""
    with connection.cursor() as cursor:
        # An index of parts is read by a bitmap, and the few that are found may be sorted.
        cursor.execute("SET LOCAL enable_bitmapscan = on; SET LOCAL enable_sort = on")
    slow = {}
    for page in growing(searched=True):
        for typed in (*TYPED, estate.vin, estate.owner.email):
            if found := seen_whole(lambda page=page, typed=typed: rows_of(page, chief, q=typed), READ_WHOLE):
                slow[str(page), typed] = found
    assert slow == {}


def test_K2_a_list_that_grows_is_sorted_by_what_an_index_sorts(chief):
    slow = {}
    for page in growing():
        shown = changelist(page, chief)
        offered = [index for index, name in enumerate(shown.list_display) if name in shown.sortable_by]
        for heading in (f"{sign}{index}" for index in offered for sign in ("", "-")):
            if found := seen_whole(lambda page=page, heading=heading: rows_of(page, chief, o=heading)):
                slow[str(page), heading] = found
    assert slow == {}
