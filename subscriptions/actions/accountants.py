"""An accountant reads an owner's documents: invited, accepted, ended by either of the two, every use recorded (I5)."""

from collections.abc import Collection
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.barring import check_not_barred
from accounts.mail import enqueue_mail
from accounts.models import Account
from accounts.notices.kinds import tell
from garage.models import Vehicle
from portal import audit
from portal.links import absolute
from portal.refusals import Refusal
from subscriptions.models import AccountantAccess, Document
from subscriptions.notices.telling import path_for
from subscriptions.rules.accountants import has_room, may_still_accept

READ = "document read by accountant"


@transaction.atomic
def invite_accountant(
    *, owner: Account, email: str, vehicles: Collection[Vehicle] | None, now: datetime, by: Account
) -> AccountantAccess:
    """Mails the invitation; `vehicles` None: of all cars, those to come included.

    One that was not accepted gives way to the new one. Raises `Refusal`: barred, accountant_oneself,
    accountant_there_already, accountants_too_many, accountant_no_car.
    """
    check_not_barred(by, now=now)
    owner = _locked(owner.pk)
    email = email.lower()
    _check_invitable(owner, email, vehicles)
    for waiting in _live(owner).filter(email=email, accepted_at__isnull=True):
        _end(waiting, now=now, by=by)
    if not has_room(_live(owner).count()):
        raise Refusal("accountants_too_many", _("Ten accountants at most. Please end one of the others first."))
    access = AccountantAccess.objects.create(owner=owner, email=email, is_of_all_cars=vehicles is None, invited_at=now)
    access.vehicles.set(vehicles or [])
    audit.record(
        "accountant invited", account=owner, by=by, now=now, subject=access, email=email, cars=_cars_of(access)
    )
    enqueue_mail(
        to=email,
        language=owner.language,
        brand=owner.market.brand,
        template="emails/accountants/invitation",
        context={
            "brand": owner.market.brand,
            "url": absolute(path_for(owner, "accountant_invitation", access.public_id)),
        },
        now=now,
    )
    return access


@transaction.atomic
def accept_invitation(*, access: AccountantAccess, now: datetime, by: Account) -> AccountantAccess:
    """Once, within seven days, by the account whose confirmed address was invited. Raises `Refusal` invitation_over."""
    owner = _locked(access.owner_id)
    current = _live(owner).filter(pk=access.pk, accepted_at__isnull=True).first()
    is_meant = EmailAddress.objects.filter(user=by, email__iexact=access.email, verified=True).exists()
    if current is None or not is_meant or not may_still_accept(invited_at=current.invited_at, now=now):
        raise Refusal("invitation_over", _("This invitation is not valid any more."))
    current.accountant, current.accepted_at = by, now
    current.save(update_fields=["accountant", "accepted_at"])
    audit.record("accountant accepted", account=owner, by=by, now=now, subject=current, email=current.email)
    _tell_both(current, change="begun", now=now)
    return current


@transaction.atomic
def choose_cars(*, access: AccountantAccess, vehicles: Collection[Vehicle] | None, now: datetime, by: Account) -> None:
    """From that moment on the documents of these cars and no others; None: of all. Both are told; the same cars change
    nothing. Raises `Refusal`: accountant_no_car, accountant_ended."""
    owner = _locked(access.owner_id)
    current = _live(owner).filter(pk=access.pk).first()
    if current is None:
        raise Refusal("accountant_ended", _("This access has ended."))
    _check_any(vehicles)
    before = _cars_of(current)
    current.is_of_all_cars = vehicles is None
    current.save(update_fields=["is_of_all_cars"])
    current.vehicles.set(vehicles or [])
    after = _cars_of(current)
    if before == after:
        return
    facts = {"email": current.email, "before": before, "cars": after}
    record = audit.record("accountant cars changed", account=owner, by=by, now=now, subject=current, **facts)
    _tell_both(current, change="cars", now=now, occasion=f":{record.pk}")


@transaction.atomic
def end_access(*, access: AccountantAccess, now: datetime, by: Account) -> None:
    """By the owner or by the accountant, from that moment on; both are told. A second time changes nothing."""
    owner = _locked(access.owner_id)
    current = _live(owner).select_related("accountant__market").filter(pk=access.pk).first()
    if current is not None:
        _end(current, now=now, by=by)


def record_reading(access: AccountantAccess, document: Document, *, form: str, now: datetime) -> None:
    """Each download is a record that the owner sees. `form`: pdf, xml."""
    with transaction.atomic():
        AccountantAccess.objects.filter(pk=access.pk).update(last_used_at=now)
        audit.record(
            READ,
            account=access.owner,
            by=access.accountant,
            now=now,
            subject=document,
            number=document.number,
            form=form,
            email=access.email,
        )


def _end(access: AccountantAccess, *, now: datetime, by: Account) -> None:
    access.ended_at = now
    access.save(update_fields=["ended_at"])
    audit.record("accountant ended", account=access.owner, by=by, now=now, subject=access, email=access.email)
    if access.accountant:
        _tell_both(access, change="ended", now=now)


def _check_invitable(owner: Account, email: str, vehicles: Collection[Vehicle] | None) -> None:
    if email == owner.email.lower():
        raise Refusal("accountant_oneself", _("This is your own address: you see all of your documents already."))
    if _live(owner).filter(email=email, accepted_at__isnull=False).exists():
        raise Refusal("accountant_there_already", _("This accountant reads your documents already."))
    _check_any(vehicles)


def _check_any(vehicles: Collection[Vehicle] | None) -> None:
    if vehicles is not None and not vehicles:
        raise Refusal("accountant_no_car", _("Please choose at least one car, or all of them."))


def _cars_of(access: AccountantAccess) -> list[str]:
    """For the record; "all" includes those to come."""
    if access.is_of_all_cars:
        return ["all"]
    return sorted(str(vehicle.public_id) for vehicle in access.vehicles.all())


def _locked(owner_id: int) -> Account:
    accounts = Account.objects.select_for_update(of=["self"], no_key=True).select_related("market__brand")
    return accounts.get(pk=owner_id)


def _live(owner: Account) -> QuerySet[AccountantAccess]:
    return AccountantAccess.objects.filter(owner=owner, ended_at__isnull=True).select_related("owner__market")


def _tell_both(access: AccountantAccess, *, change: str, now: datetime, occasion: str = "") -> None:
    if access.accountant is None:
        return
    for account, page in ((access.owner, "accountants"), (access.accountant, "documents_of_others")):
        tell(
            account=account,
            kind="accountant_access",
            subject_key=f"{access.public_id}:{change}{occasion}",
            event_on=account.market.local_date(now),
            now=now,
            change=change,
            is_owner=account == access.owner,
            email=access.email,
            owner_name=access.owner.get_full_name(),
            url=path_for(account, page),
        )
