"""What is written to the customer centre, and what it answers (H5)."""

import binascii
from base64 import b64decode
from typing import Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.api.serializers import WithoutCardNumbers
from portal.models import Market
from support.cases.pages import show
from support.models import Case, CaseCategory
from support.models.case import LONGEST_MESSAGE
from support.rules.attachments import MOST_FILES
from support.rules.cases import CaseState

# In bytes, with all that is around: what this server reads of a JSON body at all. Larger files go by the page.
MOST_SENT = 1_000_000
LONGEST_NAME = 120
CASE_STATES = [str(state) for state in CaseState]


class CaseCategorySerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


class CaseCategoriesSerializer(serializers.Serializer):
    results = CaseCategorySerializer(many=True)


class CaseSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="public_id")
    number = serializers.CharField()
    category = serializers.CharField(source="category.code")
    title = serializers.SerializerMethodField()
    state = serializers.ChoiceField(choices=CASE_STATES)
    state_words = serializers.SerializerMethodField()
    opened_at = serializers.DateTimeField()
    last_at = serializers.DateTimeField(help_text="When something was written last.")

    def get_title(self, case: Case) -> str:
        return str(show(case).title)

    def get_state_words(self, case: Case) -> str:
        return str(show(case).state)


class CaseFileSerializer(serializers.Serializer):
    name = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    url = serializers.URLField(help_text="A call of this API.")


class MessageSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    is_from_staff = serializers.BooleanField()
    text = serializers.CharField()
    files = CaseFileSerializer(many=True)


class CaseDetailSerializer(CaseSerializer):
    thread = serializers.SerializerMethodField(help_text="The first message first.")

    @extend_schema_field(MessageSerializer(many=True))
    def get_thread(self, case: Case) -> Any:
        return MessageSerializer(self.context["thread"], many=True).data


class SentFileSerializer(WithoutCardNumbers):
    """A picture (JPEG, PNG, WebP) or a PDF; what it is is read from its content."""

    name = serializers.CharField(max_length=LONGEST_NAME)
    content = serializers.CharField(max_length=MOST_SENT, help_text="Base64.")

    def validate(self, given: dict[str, Any]) -> Any:
        try:
            content = b64decode(given["content"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise serializers.ValidationError({"content": _("This is not Base64.")}, code="not_base64") from error
        return ContentFile(content, name=given["name"])


class NewMessageSerializer(WithoutCardNumbers):
    message = serializers.CharField(max_length=LONGEST_MESSAGE)
    files = SentFileSerializer(many=True, required=False, default=list, max_length=MOST_FILES)


class NewCaseSerializer(NewMessageSerializer):
    category = serializers.SlugRelatedField(slug_field="code", queryset=CaseCategory.objects.none())
    vehicle = serializers.UUIDField(required=False, allow_null=True, help_text="One of my cars.")
    document = serializers.UUIDField(required=False, allow_null=True, help_text="One of my invoices or credit notes.")

    def __init__(self, *args: Any, market: Market | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        category: Any = self.fields["category"]
        category.queryset = CaseCategory.objects.filter(market=market, is_offered=True)
