"""Documents of the system before this one over the API (I1)."""

import pytest

from tests import old_system

pytestmark = pytest.mark.django_db


def test_I1_an_app_reads_them_and_takes_the_file(app, others_app, owner, files):
    old_system.old_document(owner)
    [listed] = app.get("/api/v1/old-documents/").json()["results"]
    assert (listed["number"], listed["gross"], listed["is_kept"]) == ("OLD-1", "99.00", True)
    assert app.get(f"/api/v1/old-documents/{listed['id']}.pdf").content == old_system.PDF
    assert others_app.get("/api/v1/old-documents/").json()["results"] == []
    assert others_app.get(f"/api/v1/old-documents/{listed['id']}.pdf").status_code == 404
