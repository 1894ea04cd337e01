"""What the account brings to the customer's page (K2): what they were told, what they agree to, what is signed in."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.consents import states_of, wordings_in_force
from accounts.customer_page import AGREED, DEVICES, SHOWN, TOLD, section
from accounts.identity.clients import client_name
from accounts.models import Account, ConsentChange, Notice, SignIn
from accounts.notices.kinds import KINDS, mail_key
from accounts.rules.consents import State
from portal.desk.pages import Button, Panel
from portal.desk.words import link, list_url, moment
from portal.models import OutboxMessage


@section(place=TOLD, needs="accounts.view_notice")
def notices(account: Account, staff: Any) -> Panel:
    """N2, K4: what they were told, and how far each got."""
    zone = account.market.zone
    found = list(Notice.objects.filter(account=account).order_by("-created_at", "-pk")[:SHOWN])
    keys = [mail_key(notice) for notice in found]
    mails = OutboxMessage.objects.filter(dedup_key__in=keys).select_related("undelivered")
    mail_of = {mail.dedup_key: mail for mail in mails}
    rows = [
        [
            moment(notice.created_at, zone),
            link(notice, str(KINDS[notice.kind].title) if notice.kind in KINDS else notice.kind),
            _delivery(mail_of.get(mail_key(notice)), zone),
            moment(notice.read_at, zone) or _("not read"),
        ]
        for notice in found
    ]
    headings = [_("When"), _("Notice"), _("Mail"), _("Read in the inbox")]
    return Panel(title=_("Notices"), headings=headings, rows=rows, links=[_all(Notice, account)])


def _delivery(mail: OutboxMessage | None, zone: Any) -> str:
    if mail is None:
        return _("inbox only")
    if mail.done_at:
        return _("mailed %(moment)s") % {"moment": moment(mail.done_at, zone)}
    if mail.parked_at is None:
        return _("waits to be sent")
    undelivered = getattr(mail, "undelivered", None)
    is_refused = undelivered is not None and undelivered.is_refused
    said = _("bounced: the address refused it") if is_refused else _("parked: given up after too many tries")
    return link(undelivered, said) if undelivered else said


@section(place=AGREED, needs="accounts.view_consentchange")
def consents(account: Account, staff: Any) -> Panel:
    """D1: what they agree to today, purpose by purpose."""
    states, zone = states_of(account), account.market.zone
    words = wordings_in_force(account.market, now=timezone.now())
    rows = [
        [
            words[purpose].name if purpose in words else purpose.value.replace("_", " "),
            _agreed(state),
            moment(state.since, zone),
        ]
        for purpose, state in states.items()
    ]
    headings = [_("Purpose"), _("State"), _("Since")]
    return Panel(title=_("Consents"), headings=headings, rows=rows, links=[_all(ConsentChange, account)])


def _agreed(state: State) -> str:
    if state.is_given:
        return _("given")
    return _("withdrawn") if state.changes else _("never given")


@section(place=DEVICES, needs="accounts.view_signin")
def devices(account: Account, staff: Any) -> Panel:
    """A3, A5: apps and cars that are signed in, those that were, and browsers. No address of a network is shown."""
    zone = account.market.zone
    apps = SignIn.objects.filter(account=account).select_related("client").order_by("-begun_at", "-pk")[:SHOWN]
    browsers = UserSession.objects.filter(user=account).order_by("-last_seen_at")[:SHOWN]
    rows: list[list[Any]] = [
        [
            link(app, " ".join(filter(None, [client_name(app.client), app.label]))),
            moment(app.begun_at, zone),
            moment(app.last_used_at, zone),
            _("signed out %(moment)s") % {"moment": moment(app.ended_at, zone)} if app.ended_at else _("signed in"),
        ]
        for app in apps
    ]
    rows += [
        [_("Browser"), moment(each.created_at, zone), moment(each.last_seen_at, zone), _("signed in")]
        for each in browsers
    ]
    headings = [_("Device or app"), _("Since"), _("Last used"), _("State")]
    return Panel(title=_("Devices and apps"), headings=headings, rows=rows, links=[_all(SignIn, account)])


def _all(model: Any, account: Account) -> Button:
    return Button(label=_("All of them"), url=list_url(model, account__id__exact=account.pk))
