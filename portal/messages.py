"""What is said once, on the next page, waits in a cookie that is for this host alone (ASVS 3.3.1, 3.3.3)."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class NamedCookieStorage(CookieStorage):
    """Django has no setting for its name."""

    cookie_name = settings.MESSAGES_COOKIE_NAME


class NamedStorage(FallbackStorage):
    storage_classes = (NamedCookieStorage, SessionStorage)
