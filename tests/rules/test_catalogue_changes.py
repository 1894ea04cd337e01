"""What a new version of a catalogue changes (S10: running contracts are no part of it)."""

from decimal import Decimal

from subscriptions.rules.catalogue_changes import Change, Content, Detail, Kind, Subject, changes_between

SMART = {"code": "smart", "position": 1, "services": ["map", "traffic"], "prices": {"yearly": Decimal("69.00")}}
TRAFFIC = {"code": "traffic", "capabilities": ["navigation"]}


def content(*packages, services=(TRAFFIC,)):
    return Content(services={row["code"]: row for row in services}, packages={row["code"]: row for row in packages})


def test_the_same_catalogue_changes_nothing_and_neither_does_an_order():
    moved = SMART | {"position": 7, "services": ["traffic", "map"]}
    assert changes_between(content(SMART), content(SMART)) == []
    assert changes_between(content(SMART), content(moved)) == []


def test_what_is_new_comes_with_its_prices():
    care = {"code": "map-care", "position": 2, "services": [], "prices": {"yearly": Decimal("119.00")}}
    assert changes_between(content(SMART), content(care, SMART)) == [
        Change(kind=Kind.ADDED, subject=Subject.PACKAGE, code="map-care"),
        Change(
            kind=Kind.ADDED,
            subject=Subject.PLAN,
            code="map-care",
            term="yearly",
            details=(Detail(column="price", before=None, after=Decimal("119.00")),),
        ),
    ]


def test_what_ends_stands_last_and_takes_its_prices_with_it():
    changes = changes_between(content(SMART), content(services=[]))
    assert [(change.kind, change.subject, change.code, change.term) for change in changes] == [
        (Kind.ENDED, Subject.SERVICE, "traffic", ""),
        (Kind.ENDED, Subject.PACKAGE, "smart", ""),
        (Kind.ENDED, Subject.PLAN, "smart", "yearly"),
    ]


def test_a_change_names_what_was_and_what_comes():
    dearer = SMART | {"services": ["map"], "prices": {"yearly": Decimal("79.00")}}
    assert changes_between(content(SMART), content(dearer)) == [
        Change(
            kind=Kind.CHANGED,
            subject=Subject.PACKAGE,
            code="smart",
            details=(Detail(column="services", before=["map", "traffic"], after=["map"]),),
        ),
        Change(
            kind=Kind.CHANGED,
            subject=Subject.PLAN,
            code="smart",
            term="yearly",
            details=(Detail(column="price", before=Decimal("69.00"), after=Decimal("79.00")),),
        ),
    ]
