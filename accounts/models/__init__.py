"""The account, and what hangs on it alone."""

from accounts.models.account import Account, AccountManager
from accounts.models.billing import BillingProfile, CopyAddress
from accounts.models.notices import Notice, NoticeChoice
from accounts.models.sign_ins import SignIn, SignInToken, SpentToken
from accounts.models.terms import TermsAcceptance, TermsVersion

__all__ = [
    "Account",
    "AccountManager",
    "BillingProfile",
    "CopyAddress",
    "Notice",
    "NoticeChoice",
    "SignIn",
    "SignInToken",
    "SpentToken",
    "TermsAcceptance",
    "TermsVersion",
]
