"""Without a network: a page that says so, for members; the page itself comes back once there is one."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.browser


def test_a_member_without_a_network_is_told_and_tries_again(pages_of, owner, car):
    page = pages_of(owner).page
    page.goto(reverse("garage"))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    manifest = page.context.new_cdp_session(page).send("Page.getAppManifest")
    assert (manifest["errors"], manifest["url"].endswith("/en/app.webmanifest")) == ([], True)
    kept = page.evaluate(
        "caches.keys().then((names) => caches.open(names[0])).then((kept) => kept.keys())"
        ".then((all) => all.map((each) => new URL(each.url).pathname))"
    )
    assert kept[0] == "/offline/"
    assert not [path for path in kept[1:] if not path.endswith(".css")]
    page.context.set_offline(True)
    page.goto(reverse("subscriptions"))
    assert "You are not connected" in page.inner_text("h1")
    assert page.evaluate("getComputedStyle(document.querySelector('.button')).borderRadius") != "0px"
    page.context.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    assert "not connected" not in page.inner_text("h1")
