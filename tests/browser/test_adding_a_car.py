"""A car is added on a telephone: by the code of its screen, and by a photo of its barcode."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from accounts.models import Account
from garage.actions.pair import issue_pairing_code
from garage.models import Membership, RegistryEntry
from garage.pairing_qr import pairing_qr
from portal.clock import database_now
from portal.models import Market
from tests import make
from tests.browser.visitor import Visitor
from tests.garage.pictures import barcode, encoded, photo, qr


@pytest.fixture
def owner(site) -> Account:
    return make.account("owner@example.com", market=Market.objects.get())


@pytest.fixture
def cars(site) -> list[str]:
    return list(RegistryEntry.objects.order_by("vin").values_list("vin", flat=True)[:3])


def sign_in(visitor: Visitor) -> None:
    visitor.open("/en/garage/cars/new/code/", heading="Sign in")
    visitor.type(login="owner@example.com", password=make.PASSWORD)
    visitor.press("Sign in", heading="Add a car")


def pictured(tmp_path: Path, picture) -> Path:
    file = tmp_path / "photo.jpg"
    file.write_bytes(encoded(picture))
    return file


def test_G2_V1_a_car_is_added_by_the_code_of_its_screen(visitor, owner, cars):
    sign_in(visitor)
    visitor.type(code="aaaa aaaa")
    visitor.press("Add the car", heading="Add a car")
    visitor.reads("This code is not valid, or not any more.")
    visitor.type(code=issue_pairing_code(vin=cars[0], now=database_now()).code.lower().replace("-", " "))
    visitor.press("Add the car", heading=RegistryEntry.objects.get(vin=cars[0]).model)
    visitor.reads("access is proved", "You have control")


def test_G2_a_car_is_added_by_a_photo_of_its_barcode(visitor, owner, cars, tmp_path):
    sign_in(visitor)
    visitor.follow("Photo", heading="Add a car")
    visitor.attach(
        visitor.page.locator("[name=photo]"), pictured(tmp_path, photo(barcode(cars[1], "Code39"), turned=4))
    )
    visitor.press("Read the photo", heading="Is this right?")
    assert not Membership.objects.exists()
    expect(visitor.page.locator("[name=vin]")).to_have_value(cars[1])
    visitor.press("Add this car", heading="Prove access")


def test_G2_a_car_is_added_by_a_photo_of_the_cars_qr_code(visitor, owner, cars, tmp_path):
    code = issue_pairing_code(vin=cars[2], now=database_now()).code
    sign_in(visitor)
    visitor.follow("Photo", heading="Add a car")
    # More pixels than are sent: where there is script, the browser makes it small first.
    large = photo(qr(f"https://portal.example.com/#{code}"), size=(3200, 2400))
    visitor.attach(visitor.page.locator("[name=photo]"), pictured(tmp_path, large))
    visitor.press("Read the photo", heading="Is this right?")
    expect(visitor.page.locator("[name=code]")).to_have_value(code)
    visitor.press("Add this car", heading=RegistryEntry.objects.get(vin=cars[2]).model)
    visitor.reads("You have control")


def test_what_is_no_code_is_answered_in_words(visitor, owner, tmp_path):
    sign_in(visitor)
    visitor.follow("Photo", heading="Add a car")
    visitor.press("Read the photo", heading="Add a car")
    visitor.reads("Please choose or take a photo first.")
    visitor.attach(visitor.page.locator("[name=photo]"), pictured(tmp_path, qr("https://example.com/menu")))
    visitor.press("Read the photo", heading="Add a car")
    visitor.reads("No code was found in this photo.")


def test_the_address_of_the_cars_qr_code_fills_the_code_in_and_sends_it_nowhere(visitor, owner, cars):
    sign_in(visitor)
    asked = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    code = issue_pairing_code(vin=cars[0], now=database_now()).code
    assert pairing_qr(code).version
    visitor.page.goto("/en/garage/")
    visitor.open(f"/en/garage/cars/new/code/#{code}", heading="Add a car")
    if visitor.has_script:
        expect(visitor.page.locator("[name=code]")).to_have_value(code)
        assert code not in visitor.page.url
    assert not [url for url in asked if code in url.partition("#")[0]]


# Chromium on Linux reads no codes by itself: one that does, and the picture of a camera.
CAMERA = """
    window.BarcodeDetector = class {
        static async getSupportedFormats() { return ["qr_code", "code_39"]; }
        async detect(video) { return video.videoWidth ? [{ rawValue: "VIN" }] : []; }
    };
    Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia: async () => {
        const canvas = document.createElement("canvas");
        const drawing = canvas.getContext("2d");
        setInterval(() => drawing.fillRect(0, 0, 10, 10), 50);
        return canvas.captureStream(20);
    } } });
"""


def test_G2_the_browsers_own_camera_reads_a_vin_and_nothing_is_added_blindly(visitor, owner, cars):
    visitor.page.add_init_script(CAMERA.replace("VIN", f"I{cars[0]}"))
    sign_in(visitor)
    visitor.follow("Photo", heading="Add a car")
    reader = visitor.page.get_by_role("button", name="Read with the camera")
    if not visitor.has_script:
        expect(reader).to_be_hidden()
        return
    visitor.click(reader)
    visitor.look("Is this right?")
    expect(visitor.page.locator("[name=vin]")).to_have_value(cars[0])
    assert not Membership.objects.exists()


def test_a_camera_that_may_not_be_used_is_said_in_words_and_the_upload_stays(visitor, owner):
    visitor.page.add_init_script(CAMERA.replace("return canvas.captureStream(20);", "throw new DOMException('no');"))
    sign_in(visitor)
    visitor.follow("Photo", heading="Add a car")
    if visitor.has_script:
        visitor.click(visitor.page.get_by_role("button", name="Read with the camera"))
        visitor.reads("The camera may not be used here.")
    expect(visitor.page.locator("[name=photo]")).to_be_visible()
