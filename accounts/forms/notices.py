"""Which notices go where (N1), and which of them the inbox shows."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.notices.choices import Chosen, channels_of, choosable, is_wanted
from accounts.notices.topics import TOPICS, Topic
from accounts.rules.notices import APP, CHANNELS, CONTRACTUAL, EMAIL, HEAD_UNIT, INBOX, OPTIONAL, SERVICE

CHANNEL_NAMES: dict[str, str | Promise] = {
    EMAIL: _("E-mail"),
    INBOX: _("Portal"),
    APP: _("App"),
    HEAD_UNIT: _("Car’s screen"),
}
IMPORTANCE_NAMES: dict[str, str | Promise] = {
    CONTRACTUAL: _("About your contracts"),
    SERVICE: _("About your services and account"),
    OPTIONAL: _("If you ask for them"),
}


class Cell(NamedTuple):
    """One topic on one channel: a box to tick, or whether it goes there in any case."""

    channel: str | Promise
    field: forms.BoundField | None
    is_always: bool


class Row(NamedTuple):
    topic: Topic
    cells: list[Cell]


class NoticeChoicesForm(forms.Form):
    """A box for each topic and channel that can be chosen."""

    def __init__(self, *args: Any, chosen: Chosen, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for topic, channel in _choices():
            label = f"{TOPICS[topic].title}: {CHANNEL_NAMES[channel]}"
            wanted = is_wanted(chosen, topic, channel)
            widget = forms.CheckboxInput(attrs={"aria-label": label})
            box = forms.BooleanField(label=label, initial=wanted, required=False, widget=widget)
            self.fields[_name(topic, channel)] = box

    @property
    def channels(self) -> list[str | Promise]:
        return [CHANNEL_NAMES[channel] for channel in CHANNELS]

    @property
    def groups(self) -> list[tuple[str | Promise, list[Row]]]:
        """The rows of the table, the most important ones first."""
        return [
            (name, [self._row(topic) for topic, facts in TOPICS.items() if facts.importance == importance])
            for importance, name in IMPORTANCE_NAMES.items()
        ]

    @property
    def wanted(self) -> dict[tuple[str, str], bool]:
        return {(topic, channel): self.cleaned_data[_name(topic, channel)] for topic, channel in _choices()}

    def _row(self, topic: str) -> Row:
        return Row(TOPICS[topic], [self._cell(topic, channel) for channel in CHANNELS])

    def _cell(self, topic: str, channel: str) -> Cell:
        field = self[_name(topic, channel)] if channel in choosable(topic) else None
        return Cell(CHANNEL_NAMES[channel], field, is_always=field is None and channel in channels_of(topic))


class InboxForm(forms.Form):
    """The inbox's filter: it stands in the address."""

    show = forms.ChoiceField(
        label=_("Show"), choices=[("", _("All notices")), ("unread", _("Unread ones"))], required=False
    )
    about = forms.ChoiceField(
        label=_("About"),
        choices=[("", _("Everything")), *((name, topic.title) for name, topic in TOPICS.items())],
        required=False,
    )

    @property
    def wanted(self) -> dict[str, str]:
        """What is filtered by; what is no choice of ours filters nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def _choices() -> Iterator[tuple[str, str]]:
    return ((topic, channel) for topic in TOPICS for channel in choosable(topic))


def _name(topic: str, channel: str) -> str:
    return f"{topic}-{channel}"
