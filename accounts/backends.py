"""Who signs in by address and password: allauth's backend, with the same work for every address (A1)."""

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from django.contrib.auth.base_user import AbstractBaseUser

from accounts.entrance import read_for_a_page
from accounts.models import Account


class EntranceBackend(AuthenticationBackend):
    def get_user(self, user_id: int) -> Account | None:
        """With what every page asks of it, in one query."""
        account = read_for_a_page(user_id)
        return account if account and self.user_can_authenticate(account) else None

    def _authenticate_by_email(self, email: str, password: str) -> AbstractBaseUser | None:
        """allauth looks for an address that is not confirmed, or not there, once more than for one that is."""
        email = email.lower()
        if EmailAddress.objects.filter(email=email, verified=True).exists():
            Account.objects.filter(email=email).first()
        return super()._authenticate_by_email(email, password)
