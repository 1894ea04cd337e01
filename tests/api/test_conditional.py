"""Entity tags, and what a call that will go says of itself."""

from datetime import UTC, datetime

import pytest
from django.test import RequestFactory
from rest_framework.response import Response

from portal.api.public import PublicView
from portal.api.versions import deprecated
from portal.api.views import ApiView
from portal.api_urls import urlpatterns
from tests.api.answers import refused

pytestmark = pytest.mark.django_db
ACCOUNT = "/api/v1/account/"


def tagged(app, tag: str, **headers: str):
    return app.get(ACCOUNT, headers={"If-None-Match": tag, **headers})


def test_what_is_at_hand_is_not_sent_again(app):
    first = app.get(ACCOUNT)
    again = tagged(app, f'"another", {first.headers["ETag"]}')
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "no-store" in again.headers["Cache-Control"]
    # A proxy that compresses weakens the tag.
    assert tagged(app, f"W/{first.headers['ETag']}").status_code == 304


def test_what_has_changed_is_sent(app):
    tag = app.get(ACCOUNT).headers["ETag"]
    app.patch(ACCOUNT, json={"first_name": "Maria"})
    assert tagged(app, tag).json()["first_name"] == "Maria"


def test_a_refusal_has_no_tag(app):
    assert "ETag" not in app.get("/api/v1/vehicles/00000000-0000-0000-0000-000000000000/").headers


def test_nobody_overwrites_what_they_have_not_seen(app):
    tag = app.get(ACCOUNT).headers["ETag"]
    changed = app.patch(ACCOUNT, json={"first_name": "Maria"}, headers={"If-Match": tag})
    assert changed.json()["first_name"] == "Maria"
    late = app.patch(ACCOUNT, json={"first_name": "Anna"}, headers={"If-Match": tag})
    assert refused(late) == (412, "changed_meanwhile")
    assert app.get(ACCOUNT).json()["first_name"] == "Maria"


def test_every_answer_names_the_version(app):
    assert app.get(ACCOUNT).headers["API-Version"] == "1.2"
    assert app.get("/api/v1/notices/?after=nothing").headers["API-Version"] == "1.2"


SINCE, SUNSET = datetime(2026, 6, 1, tzinfo=UTC), datetime(2027, 7, 1, tzinfo=UTC)
PAGE = "https://portal.example.com/developers/"


def test_a_call_that_will_go_says_when_and_what_follows_it():
    @deprecated(since=SINCE, sunset=SUNSET, link=PAGE)
    class Old(PublicView):
        def get(self, request):
            return Response({})

    answer = Old.as_view()(RequestFactory().get("/"))
    assert answer["Deprecation"] == f"@{int(SINCE.timestamp())}"
    assert answer["Sunset"] == "Thu, 01 Jul 2027 00:00:00 GMT"
    assert answer["Link"] == f'<{PAGE}>; rel="deprecation"; type="text/html"'


def test_nothing_goes_within_a_year():
    with pytest.raises(ValueError, match="a year before"):
        deprecated(since=SINCE, sunset=datetime(2026, 12, 1, tzinfo=UTC), link=PAGE)


def test_whatever_can_be_read_and_patched_is_compared_under_a_lock():
    views = {getattr(each.callback, "cls", None) for app in urlpatterns for each in getattr(app, "url_patterns", [app])}
    patched = [view for view in views if hasattr(view, "patch") and hasattr(view, "get")]
    assert len(patched) >= 2
    assert [view for view in patched if view.hold is ApiView.hold or not hasattr(view.patch, "__wrapped__")] == []
