"""Pages against their bare twins, in queries and in CPU of the server and PostgreSQL together; and at larger sizes."""

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import connection

from accounts.models import Account
from portal.operating.web_worker import keep_for_good
from subscriptions.models import Document, Subscription
from support.models import ArticleText
from tests.benchmarks.bench import Bench
from tests.benchmarks.calling import Answer, Rows, Sites, cookie_of
from tests.benchmarks.databases import People, lead_to
from tests.benchmarks.harness import Slices, Variant, spread
from tests.benchmarks.portal_side import Statements
from tests.benchmarks.reader import addresses, reader_of, things_of
from tests.benchmarks.report import Found, Line

Call = Callable[[], Answer]
# Each signed-in page, and the rows that its twin reads in one query. The lists of twenty rows have aims of their own.
KEY: dict[str, Rows] = {
    "home": lambda account: account.memberships.select_related("vehicle"),
    "garage": lambda account: account.memberships.select_related("vehicle"),
    "services": lambda account: Subscription.objects.filter(account=account).select_related("package", "plan"),
    "subscription": lambda account: Subscription.objects.filter(account=account).select_related("package", "plan"),
    "checkout_summary": lambda account: account.cards.all(),
    "documents": lambda account: (
        Document.objects.filter(account=account).select_related("subscription", "payment").order_by("-pk")[:20]
    ),
    "notices": lambda account: account.notices.order_by("-created_at")[:20],
}
LISTS = ("documents", "notices")
# The list whose template, with twenty rows worked out before, is what every page may cost three times of.
FLOOR = "documents"
OPEN = ("support", "support_article", "prices", "match", "legal_page", "support_howtos", "support_status", "home")
QUESTION = "how do I cancel my subscription"


def measure(bench: Bench) -> Iterator[Line]:
    people, sites = bench.people[0], Sites()
    yield from _signed_in(bench, people, sites)
    yield from _crawled(people, sites)
    yield from _open_to_all(bench, people, sites)
    yield from _larger(bench, sites)


def _signed_in(bench: Bench, people: People, sites: Sites) -> Found:
    """g: what people look at most, with the rows that belong to it."""
    account = reader_of(people)
    cookie, shown = cookie_of(account), addresses(things_of(account))
    calls: dict[str, Call] = {}
    for name, rows in KEY.items():
        sites.keep(f"key-{name}", shown[name], cookie, rows=rows)
        calls[name] = lambda name=name: sites.page(shown[name], cookie)
        calls[f"twin of {name}"] = lambda name=name: sites.twin(f"key-{name}", cookie)
    done = _interleaved(bench, calls, people)
    return [
        _against_twin(f"g{number}", name, calls, done, at_most=1.3 if name in LISTS else 3.0)
        for number, name in enumerate(KEY, 1)
    ]


def _crawled(people: People, sites: Sites) -> Found:
    """h: every page of a signed-in customer, a few times each, beside the floor: session, sign-in and the template of a
    list of twenty rows; and beside its own template alone, of which a small page has little."""
    account = reader_of(people)
    cookie, shown = cookie_of(account), addresses(things_of(account))
    sites.keep("floor", shown[FLOOR], cookie)
    queries, to_floor, to_own = {}, {}, {}
    for name, address in shown.items():
        answer = sites.page(address, cookie)
        if answer.status != 200 or not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        sites.keep(f"page-{name}", address, cookie)
        page: Call = lambda address=address: sites.page(address, cookie)  # noqa: E731
        queries[name] = _queries(page)
        to_floor[name] = _times(page, lambda: sites.twin("floor", cookie))
        to_own[name] = _times(page, lambda name=name: sites.twin(f"page-{name}", cookie))
    many, slow, slower = _over(queries, 12), _over(to_floor, 3), _over(to_own, 3)
    return [
        Line("h1", "Pages of a signed-in customer", "", [len(queries)]),
        Line("h2", "Of these, with more than 12 queries", "", [len(many)], _named(many, queries), at_most=0),
        Line(
            "h3",
            "Of these, over 3 times session, sign-in, template of a list",
            "",
            [len(slow)],
            _named(slow, to_floor),
            at_most=0,
        ),
        Line("h4", "All of them: page to session, sign-in, template of a list", "", sorted(to_floor.values())),
        Line(
            "h5",
            "All of them: page to session, sign-in and its own template",
            "",
            sorted(to_own.values()),
            f"over 3: {_named(slower, to_own)}",
        ),
    ]


def _times(page: Call, twin: Call) -> float:
    return spread([_cpu_of(page) / _cpu_of(twin) for _ in range(5)]).median


def _over(figures: dict[str, Any], most: float) -> list[str]:
    """Their names, the worst first."""
    return sorted((name for name in figures if figures[name] > most), key=lambda name: -figures[name])


def _open_to_all(bench: Bench, people: People, sites: Sites) -> Found:
    """i: without a cookie, and none given; the hub's search, whose twin sends its longest statement alone, both for a
    question that nobody has asked before, though of words in use, and for one that somebody asked within the minute.
    The first also against a twin that reads all that it shows, the marked passages too."""
    account = reader_of(people)
    # The pages, not what is asked by them: checks of a VIN are counted, and end.
    shown = {name: each.partition("?")[0] for name, each in addresses(things_of(account), of_visitors=True).items()}
    calls: dict[str, Call] = {}
    for name in OPEN:
        sites.keep(f"open-{name}", shown[name], rows=_articles if name.startswith("support") else None)
        calls[name] = lambda name=name: sites.page(shown[name])
        calls[f"twin of {name}"] = lambda name=name: sites.twin(f"open-{name}")
    search = f"{shown['support_search']}?q={QUESTION.replace(' ', '+')}"
    # Each is another address, so that no copy answers.
    numbers = itertools.count()
    calls["search"] = lambda: sites.page(f"{search}&asked={next(numbers)}")
    # What words stand for is kept from now on, as for the page that is measured: its twin does not read it either.
    calls["search"]()
    sent = _sent(calls["search"])
    sites.keep("open-search", f"{search}&asked=first", rows=_answers_to([max(sent, key=lambda each: len(each[0]))]))
    calls["twin of search"] = lambda: sites.twin("open-search")
    sites.keep("open-passages", f"{search}&asked=second", rows=_answers_to(sent))
    calls["search with its passages"] = calls["search"]
    calls["twin of search with its passages"] = lambda: sites.twin("open-passages")
    calls["search asked before"] = lambda: sites.page(search)
    calls["twin of search asked before"] = calls["twin of search"]
    done = _interleaved(bench, calls, people)
    cookies = sum("Set-Cookie" in calls[name]().headers for name in [*OPEN, "search", "search asked before"])
    return [
        *(_against_twin(f"i{number}", name, calls, done, at_most=1.3) for number, name in enumerate(OPEN, 1)),
        _against_twin("i9", "search", calls, done, at_most=1.3),
        _against_twin("i10", "search with its passages", calls, done, at_most=1.3),
        _against_twin("i11", "search asked before", calls, done, at_most=1.3),
        Line("i12", "Cookies or sessions given to visitors", "", [cookies], at_most=0),
    ]


def _larger(bench: Bench, sites: Sites) -> Found:
    """j: the key pages in the smallest database, and at 10 and 100 times the customers."""
    if len(bench.people) < 2:
        return []
    calls: dict[str, tuple[People, list[Call]]] = {}
    for people in bench.people:
        account = reader_of(people)
        cookie, shown = cookie_of(account), addresses(things_of(account))
        pages = [lambda url=shown[name], cookie=cookie: sites.page(url, cookie) for name in KEY]
        calls[f"{people.size:,}"] = (people, pages)
    variants = [
        Variant(name, _reading(pages, of=people), lambda people=people: lead_to(people.name))
        for name, (people, pages) in calls.items()
    ]
    done = bench.interleave(variants, slice_s=4 * bench.extent.page_slice_s)
    small = f"{bench.people[0].size:,}"
    return [
        Line(f"j{number}", f"The key pages at {size} customers to {small}", "", _ratios(done, size, small), at_most=1.2)
        for number, size in enumerate(calls, 1)
        if size != small
    ]


def _interleaved(bench: Bench, calls: dict[str, Call], people: People) -> Slices:
    variants = [Variant(name, _reading([call], of=people)) for name, call in calls.items()]
    # As a web process does, and what the twins were given with it.
    keep_for_good()
    return bench.interleave(variants, slice_s=bench.extent.page_slice_s)


def _reading(calls: Sequence[Call], *, of: People) -> Callable[[float], int]:
    """All of them in turn, until the time is over."""

    def read(seconds: float) -> int:
        lead_to(of.name)
        until, count = time.perf_counter() + seconds, 0
        while not count or time.perf_counter() < until:
            for call in calls:
                answer = call()
                if answer.status != 200:
                    raise RuntimeError(f"a page answered {answer.status}")
                count += 1
        return count

    return read


def _against_twin(code: str, name: str, calls: dict[str, Call], done: Slices, *, at_most: float) -> Line:
    twin = f"twin of {name}"
    costs = [_cost(done, each) for each in (name, twin)]
    beside = f"{_queries(calls[name])} SQL, {costs[0]}; twin {_queries(calls[twin])} SQL, {costs[1]}"
    return Line(code, f"{name}: page to bare twin", "", _ratios(done, name, twin), beside, at_most=at_most)


def _cost(done: Slices, name: str) -> str:
    ours = spread([each.app_ms_each for each in done[name]]).median
    database = spread([each.database_ms_each for each in done[name]]).median
    return f"CPU {ours:.1f} + {database:.1f} ms"


def _ratios(done: Slices, name: str, to: str) -> list[float]:
    """CPU of one call, ours and the database's together, round by round."""
    pairs = zip(done[name], done[to], strict=True)
    return [(a.app_ms_each + a.database_ms_each) / max(b.app_ms_each + b.database_ms_each, 0.01) for a, b in pairs]


def _queries(call: Call) -> int:
    call()
    with Statements() as statements:
        call()
    return statements.count


def _cpu_of(call: Call) -> float:
    began = time.process_time()
    call()
    return time.process_time() - began


def _articles(account: Account) -> Sequence[ArticleText]:
    return ArticleText.objects.filter(language="en").select_related("article")[:20]


Sent = list[tuple[str, Any]]


def _sent(call: Call) -> Sent:
    """The statements of a page with their values."""
    seen: Sent = []

    def note(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        call()
    return seen


def _answers_to(sent: Sent) -> Rows:
    def rows(_account: Account) -> Sequence[object]:
        with connection.cursor() as cursor:
            return [row for sql, params in sent for row in cursor.execute(sql, params).fetchall()]

    return rows


def _named(names: Sequence[str], figures: dict[str, float]) -> str:
    return ", ".join(f"{name} {figures[name]:.3g}" for name in names)
