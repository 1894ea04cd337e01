"""Whether the garage list of the API takes hardly longer than its bare twin: token, rows and serializer, nothing else.

    .venv/bin/python -m tests.benchmarks.api_garage

Both answer the same for an owner of ten cars, in turns. Ends with 1 if the list takes more than 1.3 times as long.
"""

import json
import os
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
STATE = REPOSITORY / "var" / "bench-garage"
CARS, TURNS, CALLS, MOST_RATIO = 10, 40, 10, 1.3


def main() -> int:
    _prepare()
    listed, bare = _callers()
    if listed() != bare():
        raise SystemExit("The twin answers something else.")
    ours, twins = [], []
    for turn in range(TURNS + 1):
        for call, seconds in ((listed, ours), (bare, twins)):
            begun = time.perf_counter()
            for _ in range(CALLS):
                call()
            seconds += [(time.perf_counter() - begun) / CALLS] if turn else []
    ratio = statistics.median(each / twin for each, twin in zip(ours, twins, strict=True))
    for name, seconds in (("list", ours), ("twin", twins)):
        print(f"{name}: median {statistics.median(seconds) * 1000:.2f} ms")
    print(json.dumps({"cars": CARS, "ratio": round(ratio, 2)}))
    return int(ratio > MOST_RATIO)


def _prepare() -> None:
    shutil.rmtree(STATE, ignore_errors=True)
    STATE.mkdir(parents=True)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PORTAL_MODE": "test",
        "PORTAL_STATE_DIR": str(STATE),
        "LOG_LEVEL": "ERROR",
    }
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["testserver", "localhost"]
    settings.API_CALLS_OF_ACCOUNT = settings.API_CALLS_OF_CLIENT = 1_000_000
    call_command("migrate", verbosity=0, interactive=False)


def _callers() -> tuple[Callable[[], Any], Callable[[], Any]]:
    """The list by its address, and its twin by another: both through the same middleware."""
    from django.test import Client
    from django.test.utils import setup_test_environment, teardown_test_environment
    from django.urls import path

    from portal import urls
    from tests import make, oidc

    urls.urlpatterns.insert(0, path("api/v1/bare-twin/", _twin()))
    owner = make.account("owner@example.com", market=make.market())
    for number in range(CARS):
        make.active_car(owner, number)
    oidc.clients()
    # Signing in reads pages, and nothing else does.
    setup_test_environment()
    token = oidc.sign_in_app(owner).token["access_token"]
    teardown_test_environment()
    client = Client(headers={"Authorization": f"Bearer {token}"})

    def caller(address: str) -> Callable[[], Any]:
        def call() -> Any:
            answer = client.get(address)
            if answer.status_code != 200:
                raise SystemExit(f"{address} answers {answer.status_code}: {answer.content!r}")
            return answer.json()

        return call

    return caller("/api/v1/vehicles/"), caller("/api/v1/bare-twin/")


def _twin() -> Any:
    from rest_framework.response import Response
    from rest_framework.views import APIView

    from garage.access import current_memberships
    from garage.api.serializers import VehiclesSerializer
    from garage.portrait import portrait
    from garage.rules.membership import has_room
    from portal.api.authentication import BearerAuthentication

    class Twin(APIView):
        authentication_classes = [BearerAuthentication]
        permission_classes: list[Any] = []
        throttle_classes: list[Any] = []

        def get(self, request: Any) -> Response:
            cars = [portrait(each) for each in current_memberships(request.user)]
            return Response(VehiclesSerializer({"results": cars, "has_room": has_room(len(cars))}).data)

    return Twin.as_view()


if __name__ == "__main__":
    sys.exit(main())
