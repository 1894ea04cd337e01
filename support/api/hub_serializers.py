"""The support hub's answers and the state of the services, for everybody (H1 to H3, C1)."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.links import absolute
from subscriptions.models import ServiceIncident
from subscriptions.models.incident import IncidentKind
from subscriptions.rules.not_working import Work
from support.api.reading import ShownArticle
from support.articles.hub import Linked

INCIDENT_KINDS = IncidentKind.values


class CategorySerializer(serializers.Serializer):
    code = serializers.CharField(source="slug")
    name = serializers.CharField()
    articles = serializers.IntegerField()


class CategoriesSerializer(serializers.Serializer):
    results = CategorySerializer(many=True)


class FoundArticleSerializer(serializers.Serializer):
    """In a list, or found by a search."""

    slug = serializers.CharField()
    category = serializers.CharField()
    question = serializers.CharField()
    passage = serializers.CharField(help_text="Of a search: what it says of what was asked; else empty.")
    language = serializers.CharField(help_text="Of its text, which may be another than the reader's.")
    url = serializers.URLField(help_text="Its page.")


class FoundArticlesSerializer(serializers.Serializer):
    results = FoundArticleSerializer(many=True)


class LinkedSerializer(serializers.Serializer):
    label = serializers.CharField()
    url = serializers.SerializerMethodField()

    @extend_schema_field(serializers.URLField())
    def get_url(self, linked: Linked) -> str:
        return absolute(linked.url)


class ArticleSerializer(serializers.Serializer):
    """One answer. Its body is Markdown: headings, paragraphs, lists, bold."""

    slug = serializers.CharField(source="answer.article.slug")
    category = serializers.CharField(source="answer.article.category")
    question = serializers.CharField(source="answer.question")
    body = serializers.CharField()
    language = serializers.CharField(source="answer.text.language")
    where = serializers.CharField(source="answer.where", help_text="Where the thing is done.")
    links = LinkedSerializer(source="answer.links", many=True, help_text="The pages on which it is done.")
    related = LinkedSerializer(source="answer.related", many=True)
    guide = LinkedSerializer(source="answer.guide", allow_null=True)
    url = serializers.SerializerMethodField()

    @extend_schema_field(serializers.URLField())
    def get_url(self, shown: ShownArticle) -> str:
        return absolute(shown.url)


class IncidentSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="public_id")
    kind = serializers.ChoiceField(choices=INCIDENT_KINDS)
    title = serializers.CharField()
    text = serializers.CharField()
    began_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True)
    packages = serializers.SerializerMethodField(help_text="Codes; empty, and no services: all of them.")
    services = serializers.SerializerMethodField(help_text="Codes.")

    def get_packages(self, incident: ServiceIncident) -> list[str]:
        return [package.code for package in incident.packages.all()]

    def get_services(self, incident: ServiceIncident) -> list[str]:
        return [service.code for service in incident.services.all()]


class PackageStatusSerializer(serializers.Serializer):
    code = serializers.CharField(source="package.code")
    name = serializers.CharField(source="package.name")
    work = serializers.ChoiceField(choices=[str(work) for work in Work])


class StatusSerializer(serializers.Serializer):
    packages = PackageStatusSerializer(many=True)
    ongoing = IncidentSerializer(many=True)
    announced = IncidentSerializer(many=True)
    over = IncidentSerializer(many=True, help_text="Of the last fourteen days.")
