"""The account's pages in the admin."""

from accounts.admin import account, notices, terms

__all__ = ["account", "notices", "terms"]
