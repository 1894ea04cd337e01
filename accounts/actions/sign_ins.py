"""Apps and head units that sign in to an account, stay signed in, and are signed out (A5)."""

import logging
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from allauth.idp.oidc.models import Client, Token
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import translation

from accounts.identity.clients import client_name
from accounts.models import Account, SignIn, SignInToken, SpentToken
from accounts.notices.kinds import tell
from portal.audit import record

logger = logging.getLogger(__name__)

# "Last used" is exact to this: a row is not written at each call.
USE_NOTED_EVERY = timedelta(minutes=5)
AT_A_TIME = 1000
# The owner learns of these; who signs out at the app itself, or has just changed the password, knows.
TOLD = {SignIn.REVOKED, SignIn.REUSED}


@transaction.atomic
def begin_sign_in(
    *, account: Account, client: Client, label: str, tokens: Collection[Token], now: datetime, by: Account
) -> SignIn:
    """The owner has said yes, and the client has fetched its first tokens; the owner is told."""
    scopes = sorted({scope for token in tokens for scope in token.get_scopes()})
    sign_in = SignIn.objects.create(
        account=account, client=client, label=label, scopes=scopes, begun_at=now, last_used_at=now
    )
    _link(sign_in, tokens)
    record("client_signed_in", account=account, by=by, now=now, subject=sign_in, client=client.pk, scopes=scopes)
    _tell(sign_in, change="begun", now=now)
    return sign_in


@transaction.atomic
def renew_sign_in(*, sign_in: SignIn, spent_hash: str, tokens: Collection[Token], now: datetime) -> None:
    """A refresh token was exchanged for new ones; the caller holds the sign-in's lock."""
    SpentToken.objects.create(sign_in=sign_in, hash=spent_hash, spent_at=now)
    _link(sign_in, tokens)
    SignIn.objects.filter(pk=sign_in.pk).update(last_used_at=now)


@transaction.atomic
def end_sign_in(*, sign_in: SignIn, why: str, now: datetime, by: Account | None) -> None:
    """All its tokens are gone at once. A second time changes nothing."""
    current = _locked(sign_in.pk)
    if current.ended_at is not None:
        return
    Token.objects.filter(sign_in_token__sign_in=current).delete()
    current.ended_at, current.ended_why = now, why
    current.save(update_fields=["ended_at", "ended_why"])
    record(
        "client_signed_out",
        account=current.account,
        by=by,
        now=now,
        subject=current,
        client=current.client_id,
        why=why,
    )
    if why in TOLD:
        _tell(current, change=why, now=now)


def end_all_sign_ins(*, account: Account, why: str, now: datetime, by: Account | None) -> None:
    for sign_in in SignIn.objects.filter(account=account, ended_at__isnull=True).order_by("pk"):
        end_sign_in(sign_in=sign_in, why=why, now=now, by=by)


def note_use(*, token: Token, now: datetime) -> None:
    """The owner sees when an app or a car was last there."""
    SignIn.objects.filter(tokens__token=token, last_used_at__lt=now - USE_NOTED_EVERY).update(last_used_at=now)


def drop_what_is_over(*, now: datetime) -> None:
    """Nightly: tokens whose time is over, sign-ins that have none left or were begun a year ago, and spent tokens as
    old as any could be."""
    _drop_tokens(now=now)
    is_over = Q(tokens__isnull=True) | Q(begun_at__lte=now - settings.SIGN_IN_LIFE)
    for sign_in in SignIn.objects.filter(is_over, ended_at__isnull=True).distinct():
        _end_if_it_can(sign_in, now=now)
    SpentToken.objects.filter(
        spent_at__lte=now - timedelta(seconds=settings.IDP_OIDC_REFRESH_TOKEN_EXPIRES_IN)
    ).delete()


def _drop_tokens(*, now: datetime) -> None:
    """A few at a time: what hangs on them is read into memory to go with them."""
    over = Token.objects.filter(expires_at__lte=now)
    while batch := list(over.order_by("expires_at").values_list("pk", flat=True)[:AT_A_TIME]):
        Token.objects.filter(pk__in=batch).delete()


def _end_if_it_can(sign_in: SignIn, *, now: datetime) -> None:
    """One bad row stops none of the others: it is logged, and found again the next night."""
    try:
        end_sign_in(sign_in=sign_in, why=SignIn.EXPIRED, now=now, by=None)
    except Exception:
        logger.exception("end_sign_in failed: %s", sign_in.pk)


def _locked(pk: int) -> SignIn:
    return SignIn.objects.select_for_update(of=["self"]).select_related("account__market", "client").get(pk=pk)


def _link(sign_in: SignIn, tokens: Iterable[Token]) -> None:
    SignInToken.objects.bulk_create([SignInToken(sign_in=sign_in, token=token) for token in tokens])


def _tell(sign_in: SignIn, *, change: str, now: datetime) -> None:
    account = sign_in.account
    with translation.override(account.language):
        url, name = reverse("sign_ins"), client_name(sign_in.client)
    tell(
        account=account,
        kind="sign_in_changed",
        subject_key=f"{sign_in.public_id}:{change}",
        event_on=account.market.local_date(now),
        now=now,
        client=name,
        label=sign_in.label,
        change=change,
        happened_at=now.isoformat(),
        url=url,
    )
