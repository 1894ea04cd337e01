"""Who works at a dealer's desk: invited by e-mail, accepted, ended (K1). The role goes with the place."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actions.locking import locked_account
from accounts.actions.sessions import end_sessions
from accounts.mail import enqueue_mail
from accounts.models import Account
from garage.models import DealerAccess, StaffInvitation, Workshop, WorkshopStaff
from garage.notices.sharing import path_for
from garage.rules import staff as rules
from portal import audit
from portal.hourly_limit import take_turn
from portal.links import absolute
from portal.refusals import Refusal
from portal.roles import DEALER, DEALER_MANAGER


@transaction.atomic
def invite_staff(*, workshop: Workshop, email: str, is_manager: bool, now: datetime, by: Account) -> StaffInvitation:
    """Mails a link of seven days. One that waits for the same address gives way.

    Raises `Refusal`: not_manager, works_there, too_many.
    """
    email = email.lower()
    shop = _locked(workshop)
    _check_may_keep(shop, by)
    if WorkshopStaff.objects.filter(account__email=email).exists():
        raise Refusal("works_there", _("This person works at a dealer already."))
    if not take_turn("staff-invitations", str(shop.pk), most=rules.INVITATIONS_A_DAY, now=now):
        raise Refusal("too_many", _("Many invitations were sent. Please try again in an hour."))
    shop.invitations.waiting().filter(email=email).update(ended_at=now)
    made = StaffInvitation.objects.create(
        workshop=shop, email=email, is_manager=is_manager, invited_by=by, invited_at=now
    )
    audit.record("staff invited", account=None, by=by, now=now, subject=made, is_manager=is_manager)
    _mail(made, now=now)
    return made


@transaction.atomic
def take_back_invitation(*, invitation: StaffInvitation, now: datetime, by: Account) -> None:
    """A second time changes nothing. Raises `Refusal` not_manager."""
    _check_may_keep(_locked(invitation.workshop), by)
    if StaffInvitation.objects.waiting().filter(pk=invitation.pk).update(ended_at=now):
        audit.record("staff invitation taken back", account=None, by=by, now=now, subject=invitation)


@transaction.atomic
def accept_staff_invitation(*, invitation: StaffInvitation, now: datetime, by: Account) -> WorkshopStaff:
    """Once, by the account that has confirmed the address; it is staff from then on, behind a second step.

    Raises `Refusal`: invitation_over, works_there.
    """
    account = locked_account(by)
    shop = _locked(invitation.workshop)
    current = StaffInvitation.objects.waiting().select_for_update().filter(pk=invitation.pk).first()
    is_meant = EmailAddress.objects.filter(user=account, email__iexact=invitation.email, verified=True).exists()
    if current is None or not is_meant or not rules.may_still_accept(invited_at=current.invited_at, now=now):
        raise Refusal("invitation_over", _("This invitation is not valid any more."))
    if WorkshopStaff.objects.filter(account=account).exists():
        raise Refusal("works_there", _("You work at a dealer already."))
    current.accepted_at, current.account = now, account
    current.save(update_fields=["accepted_at", "account"])
    account.is_staff = True
    account.save(update_fields=["is_staff"])
    account.groups.add(Group.objects.get(name=DEALER_MANAGER if current.is_manager else DEALER))
    place = WorkshopStaff.objects.create(account=account, workshop=shop)
    audit.record("staff begun", account=account, by=by, now=now, subject=current, is_manager=current.is_manager)
    return place


@transaction.atomic
def end_staff(*, place: WorkshopStaff, now: datetime, by: Account) -> None:
    """At once: the role, the sessions and whatever car is being worked on. As a customer the account goes on.

    Raises `Refusal`: not_manager, last_manager.
    """
    account = (
        Account.objects.select_for_update(of=["self"], no_key=True).select_related("market").get(pk=place.account_id)
    )
    shop = _locked(place.workshop)
    _check_may_keep(shop, by)
    held = WorkshopStaff.objects.filter(pk=place.pk).first()
    if held is None:
        return
    others = managers_of(shop).exclude(account=account).count()
    if not rules.may_end(is_oneself=account.pk == by.pk, is_manager=is_manager(account), other_managers=others):
        raise Refusal("last_manager", _("This is the last manager. Invite another one first."))
    held.delete()
    account.groups.remove(*Group.objects.filter(name__in=[DEALER, DEALER_MANAGER]))
    if not account.is_superuser and not account.groups.exists():
        account.is_staff = False
        account.save(update_fields=["is_staff"])
    DealerAccess.objects.holding(now).filter(staff=account).update(ended_at=now)
    audit.record("staff ended", account=account, by=by, now=now, subject=shop)
    end_sessions(account=account, now=now, by=by)


def is_manager(account: Account) -> bool:
    return account.groups.filter(name=DEALER_MANAGER).exists()


def managers_of(workshop: Workshop) -> QuerySet[WorkshopStaff]:
    return WorkshopStaff.objects.filter(workshop=workshop, account__groups__name=DEALER_MANAGER)


def may_keep_staff(workshop: Workshop, by: Account) -> bool:
    """A manager keeps those of the own dealer; an administrator makes the first manager of any."""
    is_here = managers_of(workshop).filter(account=by).exists()
    return by.has_perm("garage.change_workshopstaff") and (is_here or by.has_perm("accounts.view_account"))


def _check_may_keep(workshop: Workshop, by: Account) -> None:
    """Within the lock, and of the row as it is now: who was ended a moment ago ends nobody any more."""
    if not may_keep_staff(workshop, Account.objects.get(pk=by.pk)):
        raise Refusal("not_manager", _("Only a manager of this dealer keeps its staff."))


def _locked(workshop: Workshop) -> Workshop:
    """Under this row a dealer's staff changes, one at a time: two managers cannot end each other at once."""
    shop: Workshop = Workshop.objects.select_for_update(of=["self"], no_key=True).get(pk=workshop.pk)
    return shop


def _mail(invitation: StaffInvitation, *, now: datetime) -> None:
    by = invitation.invited_by
    enqueue_mail(
        to=invitation.email,
        language=by.language,
        brand=by.market.brand,
        template="emails/staff/invitation",
        context={
            "brand": by.market.brand,
            "dealer": invitation.workshop.dealer.name,
            "url": absolute(path_for(by, "staff_invitation", invitation.public_id)),
        },
        now=now,
    )
