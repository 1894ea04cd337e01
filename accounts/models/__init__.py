"""The account, and what hangs on it alone."""

from accounts.models.account import Account, AccountManager
from accounts.models.billing import BillingProfile, CopyAddress
from accounts.models.closing import Closing
from accounts.models.consents import ConsentChange, ConsentWording
from accounts.models.exports import DataExport
from accounts.models.notices import Notice, NoticeChoice
from accounts.models.terms import TermsAcceptance, TermsVersion

__all__ = [
    "Account",
    "AccountManager",
    "BillingProfile",
    "Closing",
    "ConsentChange",
    "ConsentWording",
    "CopyAddress",
    "DataExport",
    "Notice",
    "NoticeChoice",
    "TermsAcceptance",
    "TermsVersion",
]
