"""The account, and what hangs on it alone."""

from accounts.models.account import Account, AccountManager
from accounts.models.billing import BillingProfile, CopyAddress
from accounts.models.calendar import CalendarFeed
from accounts.models.dealers import Dealer, Town
from accounts.models.notices import Notice, NoticeChoice, UndeliveredMail
from accounts.models.terms import TermsAcceptance, TermsVersion

__all__ = [
    "Account",
    "AccountManager",
    "BillingProfile",
    "CalendarFeed",
    "CopyAddress",
    "Dealer",
    "Notice",
    "NoticeChoice",
    "TermsAcceptance",
    "TermsVersion",
    "Town",
    "UndeliveredMail",
]
