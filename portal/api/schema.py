"""The OpenAPI description: what drf-spectacular finds, and what every call has in common."""

from importlib import import_module
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from portal.api import idempotency
from portal.api.problems import MEDIA_TYPE

SCHEME = "bearer"
UNSEEN = "The ETag of what was shown: 412 where it has changed since."


class FaultSerializer(serializers.Serializer):
    field = serializers.CharField(help_text="Empty: of the whole request.")
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer):
    """RFC 9457. `code` never changes; `detail` is for the person, in the language of Accept-Language."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    errors = FaultSerializer(many=True, required=False)


class ApiSchema(AutoSchema):
    """Adds the problem, the key of writing calls, and the scope of each method."""

    def get_tags(self) -> list[str]:
        """The module of its view: calls that belong together stand in one."""
        return [section_of(self.view.__module__)]

    def is_deprecated(self) -> bool:
        return hasattr(self.view, "deprecation")

    def get_override_parameters(self) -> list[Any]:
        if self.method in idempotency.SAFE:
            return [_header("If-None-Match", "The ETag of an answer that is at hand: 304 where it still holds.")]
        return [
            *self._of_writing(),
            *([_header("If-Match", UNSEEN)] if self.method == "PATCH" and hasattr(self.view, "get") else []),
        ]

    def _of_writing(self) -> list[OpenApiParameter]:
        required = self.method in getattr(self.view, "keyed", ())
        words = "Sent again with the same key, the call gets its first answer again."
        return [
            OpenApiParameter(idempotency.HEADER, str, OpenApiParameter.HEADER, required=required, description=words)
        ]

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        problem = self._get_response_for_code(OpenApiResponse(ProblemSerializer), "default", [MEDIA_TYPE])
        known = {"304": {"description": "What is at hand still holds."}} if self.method in idempotency.SAFE else {}
        return bodies | known | {"default": problem | {"description": "Every error."}}

    def get_auth(self) -> list[dict[str, Any]]:
        scope = getattr(self.view, "scopes", {}).get(self.method)
        return [{SCHEME: [scope]}] if scope else super().get_auth()


def section_of(module: str) -> str:
    """`subscriptions.api.orders` is orders; an app's first views have its name."""
    app, *_between, name = module.split(".")
    return (app if name == "views" else name).replace("_", "-")


def with_sections(result: dict[str, Any], generator: Any, **_facts: Any) -> dict[str, Any]:
    """Each section with what its module says of itself, in the order of the addresses."""
    modules = {callback.cls.__module__ for _path, _regex, _method, callback in generator.endpoints}
    texts = {section_of(module): (import_module(module).__doc__ or "").split("\n\n")[0] for module in modules}
    named = {call["tags"][0]: None for calls in result["paths"].values() for call in calls.values()}
    return result | {"tags": [{"name": name, "description": texts[name]} for name in named]}


def _header(name: str, words: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=words)


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "portal.api.authentication.BearerAuthentication"
    name = SCHEME

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "openIdConnect", "openIdConnectUrl": "/.well-known/openid-configuration"}


class MachineScheme(BearerScheme):
    target_class = "portal.api.authentication.MachineAuthentication"
