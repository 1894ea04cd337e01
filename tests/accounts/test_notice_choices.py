"""Notices and choices: early notices are opted into and out of (S9)."""

from django.urls import reverse

from accounts.models import NoticeChoice
from portal.models import AuditRecord


def test_S9_early_notices_are_chosen_and_given_up_again(client, owner):
    client.force_login(owner)
    address = reverse("notice_choices")
    assert address in client.get(reverse("notices")).text
    for _twice in range(2):
        assert client.post(address, {"early": "on"}).url == address
    assert NoticeChoice.objects.get(account=owner).choice == NoticeChoice.EARLY
    assert "checked" in client.get(address).text
    client.post(address, {})
    assert not NoticeChoice.objects.exists()
    assert AuditRecord.objects.filter(what="notices chosen").count() == 2
