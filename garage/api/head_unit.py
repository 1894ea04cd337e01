"""What the cars' backend asks for on behalf of a screen: an account (A2)."""

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from garage.actions.head_unit import create_at_car
from garage.api import machine_examples as examples
from portal.api.machine import MachineView
from portal.api.serializers import WithoutCardNumbers

LANGUAGES = [code for code, _name in settings.LANGUAGES]


class NewAccountSerializer(WithoutCardNumbers):
    vin = serializers.CharField(max_length=60, help_text="Of the car: its generation decides whether days are counted.")
    email = serializers.EmailField(max_length=254)
    language = serializers.ChoiceField(choices=LANGUAGES, default=LANGUAGES[0], help_text="Of the screen.")


class MailedSerializer(serializers.Serializer):
    """The same for every address: whether it is known, only its mailbox learns (A1)."""

    email = serializers.EmailField()
    is_mailed = serializers.BooleanField()


class HeadUnitAccountsView(MachineView):
    """Creates an account at the wish of whoever sits in the car; it cannot be used before its mail is answered."""

    scopes = {"POST": "head_unit.accounts"}
    keyed = frozenset({"POST"})

    @extend_schema(request=NewAccountSerializer, responses={202: MailedSerializer}, examples=examples.ACCOUNT)
    def post(self, request: Request) -> Response:
        given = NewAccountSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = given.validated_data
        create_at_car(**wanted, now=self.now)
        shown = {"email": wanted["email"], "is_mailed": True}
        return Response(MailedSerializer(shown).data, status=status.HTTP_202_ACCEPTED)
