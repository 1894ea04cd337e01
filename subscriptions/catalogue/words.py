"""A preview of a catalogue in words, for the admin and for the command: what changes, and for how many."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from portal.models import Market
from portal.templatetags.frame import money
from subscriptions.catalogue.preview import Effect, Preview
from subscriptions.rules.catalogue_changes import Change, Detail, Kind, Subject
from subscriptions.words.terms import term_name

KINDS: dict[Kind, Promise] = {
    Kind.ADDED: gettext_lazy("added"),
    Kind.CHANGED: gettext_lazy("changed"),
    Kind.ENDED: gettext_lazy("ended"),
}
SUBJECTS: dict[Subject, Promise] = {
    Subject.SERVICE: gettext_lazy("service"),
    Subject.PACKAGE: gettext_lazy("package"),
    Subject.PLAN: gettext_lazy("plan"),
}
COLUMNS: dict[str, Promise] = {
    "names": gettext_lazy("name"),
    "descriptions": gettext_lazy("description"),
    "capabilities": gettext_lazy("equipment"),
    "forbidden": gettext_lazy("forbidden by law"),
    "uses_location": gettext_lazy("uses location"),
    "uses_profile": gettext_lazy("uses the profile"),
    "uses_charge": gettext_lazy("uses the drive battery"),
    "updates_maps": gettext_lazy("brings maps"),
    "suite": gettext_lazy("suite"),
    "services": gettext_lazy("services"),
    "is_standard": gettext_lazy("standard"),
    "is_set_up_in_car": gettext_lazy("switched on in the car"),
    "gives_trial": gettext_lazy("free first month"),
    "base": gettext_lazy("addition to"),
    "channels": gettext_lazy("sold in"),
    "complimentary_months": gettext_lazy("free months"),
    "car_markets": gettext_lazy("built for"),
    "car_models": gettext_lazy("models"),
    "bought_from": gettext_lazy("bought from"),
    "bought_before": gettext_lazy("bought before"),
    "generations": gettext_lazy("multimedia generations"),
    "powertrains": gettext_lazy("powertrains"),
    "price": gettext_lazy("price"),
}
CHANGE_HEADINGS = (gettext_lazy("What"), gettext_lazy("Code"), gettext_lazy("Happens"), gettext_lazy("In detail"))
EFFECT_HEADINGS = (
    gettext_lazy("Package"),
    gettext_lazy("Cars that can have it then"),
    gettext_lazy("Cars that can have it no more"),
    gettext_lazy("Cars with other services of it"),
    gettext_lazy("Cars with other free months"),
    gettext_lazy("Running, which stay as they are"),
)
NO_VALUE = "–"


def change_rows(preview: Preview, market: Market) -> list[list[Any]]:
    """By `CHANGE_HEADINGS`."""
    return [[_subject(each), each.code, KINDS[each.kind], _in_detail(each, market)] for each in preview.changes]


def effect_rows(preview: Preview) -> list[list[Any]]:
    """By `EFFECT_HEADINGS`."""
    return [_numbers(each) for each in preview.effects]


def summary(preview: Preview) -> list[tuple[Any, int]]:
    return [
        (_("Cars in garages of this market"), preview.cars),
        (_("Running subscriptions, which stay as they are"), preview.running),
    ]


def lines_of(preview: Preview, market: Market) -> list[str]:
    """For a terminal."""
    changes = [" ".join(str(cell) for cell in row if str(cell)) for row in change_rows(preview, market)]
    effects = [
        "; ".join(f"{heading}: {cell}" for heading, cell in zip(EFFECT_HEADINGS, row, strict=True))
        for row in effect_rows(preview)
    ]
    counts = [f"{words}: {count}" for words, count in summary(preview)]
    return [*(changes or [_("Nothing changes.")]), *effects, *counts]


def _subject(change: Change) -> str:
    words = str(SUBJECTS[change.subject])
    return f"{words}, {term_name(change.term)}" if change.term else words


def _in_detail(change: Change, market: Market) -> str:
    return "; ".join(_detail(each, market) for each in change.details)


def _detail(detail: Detail, market: Market) -> str:
    before, after = _value(detail.before, market), _value(detail.after, market)
    return f"{COLUMNS[detail.column]}: {before} → {after}"


def _value(value: Any, market: Market) -> str:
    match value:
        case bool():
            return _("yes") if value else _("no")
        case None | "" | [] | ():
            return NO_VALUE
        case Decimal():
            return money(value, market.currency)
        case Mapping():
            return _of_mapping(value)
        case list() | tuple():
            return ", ".join(sorted(str(each) for each in value))
    return str(value)


def _of_mapping(value: Mapping[str, Any]) -> str:
    """A text in the reader's language, or the pairs of what is no text."""
    language = get_language() or ""
    if language in value:
        return str(value[language])
    return ", ".join(f"{key}: {_plain(each)}" for key, each in value.items()) or NO_VALUE


def _plain(value: Any) -> str:
    return " ".join(value) if isinstance(value, list) else str(value)


def _numbers(effect: Effect) -> list[Any]:
    return [effect.code, effect.gained, effect.lost, effect.in_part, effect.free_months, effect.running]
