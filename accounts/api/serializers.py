"""What app and car are told of an account, and what they may say."""

from typing import Any

from allauth.idp.oidc.models import Token
from rest_framework import serializers

from accounts.access import has_accepted_current_terms
from accounts.forms.profile import TELEPHONE
from accounts.identity.clients import is_car
from accounts.models import Account, Notice
from accounts.notices import texts as notice_texts
from accounts.notices.kinds import KINDS
from portal.api.serializers import WithoutCardNumbers
from portal.links import absolute


class AccountSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="public_id")
    email = serializers.EmailField(required=False, help_text="With the scope email.")
    phone = serializers.CharField(required=False, help_text="For the app, not for the car.")
    market = serializers.CharField(source="market.code")
    has_accepted_terms = serializers.SerializerMethodField(help_text="Until then all but this call is refused.")

    class Meta:
        model = Account
        fields = ("id", "email", "first_name", "last_name", "phone", "language", "market", "has_accepted_terms")

    def to_representation(self, account: Account) -> dict[str, Any]:
        """The car's screen stands open to whoever sits in it: no telephone, and no address without its scope."""
        shown = super().to_representation(account)
        token: Token = self.context["token"]
        hidden = {"email"} - set(token.get_scopes()) | ({"phone"} if token.client and is_car(token.client) else set())
        return {name: value for name, value in shown.items() if name not in hidden}

    def get_has_accepted_terms(self, account: Account) -> bool:
        return has_accepted_current_terms(account, self.context["now"])


class ProfileSerializer(WithoutCardNumbers, serializers.ModelSerializer):
    """Some of the profile, as `change_profile` takes it. Nothing else of an account can be set."""

    class Meta:
        model = Account
        fields = ("first_name", "last_name", "phone", "language")

    def __init__(self, *args: Any, account: Account | None = None, **kwargs: Any) -> None:
        super().__init__(*args, partial=True, **kwargs)
        self.fields["phone"].validators.append(TELEPHONE)
        if account:
            self.fields["language"] = serializers.ChoiceField(choices=account.market.languages, required=False)


class NoticeSerializer(serializers.ModelSerializer):
    """In the words of the inbox, in the caller's language."""

    id = serializers.UUIDField(source="public_id")
    importance = serializers.SerializerMethodField(help_text="contractual, service or optional")
    subject = serializers.SerializerMethodField()
    text = serializers.SerializerMethodField(help_text="Paragraphs, separated by empty lines.")
    link = serializers.SerializerMethodField(help_text="The page of the next step; null if there is none.")

    class Meta:
        model = Notice
        fields = ("id", "kind", "importance", "subject", "text", "link", "created_at", "read_at")

    def get_importance(self, notice: Notice) -> str:
        return KINDS[notice.kind].importance

    def get_subject(self, notice: Notice) -> str:
        return notice_texts.subject(notice)

    def get_text(self, notice: Notice) -> str:
        return notice_texts.body(notice)

    def get_link(self, notice: Notice) -> str | None:
        link = notice_texts.link(notice)
        return absolute(link.path) if link else None
