"""The account's pages in the admin."""

from accounts.admin import account, notices, sign_ins, terms

__all__ = ["account", "notices", "sign_ins", "terms"]
