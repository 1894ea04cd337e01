"""The account, and what hangs on it alone."""

from accounts.models.account import Account, AccountManager
from accounts.models.billing import BillingProfile, CopyAddress
from accounts.models.calendar import CalendarFeed
from accounts.models.caller import CallerCode, CallerTry
from accounts.models.closing import Closing
from accounts.models.consents import ConsentChange, ConsentWording
from accounts.models.dealers import Dealer, Town
from accounts.models.exports import DataExport
from accounts.models.hooks import HookCursor, HookDelivery, HookEndpoint, HookEvent, HookTry
from accounts.models.notices import Notice, NoticeChoice, UndeliveredMail
from accounts.models.sign_ins import SignIn, SignInToken, SpentToken
from accounts.models.terms import TermsAcceptance, TermsVersion

__all__ = [
    "Account",
    "AccountManager",
    "BillingProfile",
    "CalendarFeed",
    "CallerCode",
    "CallerTry",
    "Closing",
    "ConsentChange",
    "ConsentWording",
    "CopyAddress",
    "DataExport",
    "Dealer",
    "HookCursor",
    "HookDelivery",
    "HookEndpoint",
    "HookEvent",
    "HookTry",
    "Notice",
    "NoticeChoice",
    "SignIn",
    "SignInToken",
    "SpentToken",
    "TermsAcceptance",
    "TermsVersion",
    "Town",
    "UndeliveredMail",
]
