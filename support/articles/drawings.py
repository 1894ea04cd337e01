"""Drawings beside the steps of guides and videos: our own screens in outline, with their own words, and a few pictures.

A screen is a frame (a page of this site, a phone, the car's screen) and rows; `marks` is the row that a ring goes
round. A picture is a template of its own. All are SVG made by the server, in the colours of the page (H1).
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise
WIDTH = 280
_PAGE, _PHONE, _CAR = "page", "phone", "car"
# How high each kind of row is, with the space below it.
_HEIGHTS = {"title": 28, "text": 20, "field": 44, "button": 38, "fact": 24, "choice": 34, "tick": 24, "code": 88}
_TOP, _BOTTOM = 30, 12


@dataclass(frozen=True)
class Row:
    kind: str
    label: Words
    value: Words = ""


@dataclass(frozen=True)
class Screen:
    frame: str
    rows: tuple[Row, ...]
    marks: int = -1


@dataclass(frozen=True)
class Picture:
    template: str
    height: int


@dataclass(frozen=True)
class Placed:
    row: Row
    y: int
    height: int
    is_marked: bool


def _screen(frame: str, title: Words, *rows: tuple[str, Words] | tuple[str, Words, Words], marks: int = -1) -> Screen:
    return Screen(frame, (Row("title", title), *(Row(*row) for row in rows)), marks=marks)


def _picture(name: str, height: int = 150) -> Picture:
    return Picture(f"support/drawings/{name}.html", height)


DRAWINGS: dict[str, Screen | Picture] = {
    "register": _screen(
        _PAGE, _("Register"), ("field", _("E-mail")), ("field", _("Password")), ("button", _("Register")), marks=3
    ),
    "activation-mail": _screen(
        _PHONE, _("E-mail"), ("text", _("Confirm your address")), ("button", _("Activate")), marks=2
    ),
    "sign-in": _screen(
        _PHONE, _("Sign in"), ("field", _("E-mail")), ("field", _("Password")), ("button", _("Sign in")), marks=3
    ),
    "add-by-vin": _screen(
        _PAGE, _("Add a car"), ("field", _("VIN"), "JTH··············"), ("button", _("Add the car")), marks=1
    ),
    "add-by-plate": _screen(
        _PAGE,
        _("Add a car"),
        ("field", _("Or the registration plate"), "KAB 123"),
        ("button", _("Add the car")),
        marks=1,
    ),
    "plate-found": _screen(
        _PHONE,
        _("Add a car"),
        ("fact", _("Model"), "NX"),
        ("fact", _("VIN"), "JTH···0417"),
        ("button", _("Add the car")),
    ),
    "camera": _screen(_PHONE, _("Read with the camera"), ("code", ""), marks=1),
    "car-code": _screen(_CAR, _("Pairing code"), ("code", "K7M4-PX2D")),
    "type-code": _screen(
        _PAGE,
        _("Add a car"),
        ("field", _("Code on the car’s screen"), "K7M4-PX2D"),
        ("button", _("Add the car")),
        marks=1,
    ),
    "odometer": _screen(
        _PAGE, _("Prove access"), ("field", _("Odometer"), "52 400 km"), ("button", _("Check the reading")), marks=1
    ),
    "terms": _screen(
        _PAGE, _("Terms of Use"), ("tick", _("I accept the Terms of Use")), ("button", _("Accept")), marks=1
    ),
    "services": _screen(
        _PAGE,
        _("Connected Services"),
        ("fact", _("App services"), _("Complimentary")),
        ("fact", _("Multimedia services"), _("Available")),
        ("button", _("Choose a plan")),
        marks=3,
    ),
    "states": _screen(
        _PAGE,
        _("Connected Services"),
        ("fact", "1", _("Complimentary")),
        ("fact", "2", _("Available")),
        ("fact", "3", _("Payment problem")),
        ("fact", "4", _("In maintenance")),
    ),
    "activate": _screen(_PAGE, _("App services"), ("text", _("Complimentary")), ("button", _("Activate")), marks=2),
    "plans": _screen(
        _PAGE, _("Plan"), ("choice", _("monthly")), ("choice", _("yearly")), ("choice", _("four-yearly")), marks=2
    ),
    "card-and-address": _screen(
        _PAGE, _("Payment"), ("fact", _("Card"), "···· 4242"), ("fact", _("Billed to"), "…"), ("button", _("Go on"))
    ),
    "summary": _screen(
        _PAGE,
        _("Summary"),
        ("fact", _("First charge"), "…"),
        ("fact", _("VAT included"), "…"),
        ("button", _("Order with obligation to pay")),
        marks=1,
    ),
    "subscription": _screen(
        _PAGE,
        _("Subscription"),
        ("fact", _("Next charge on"), "…"),
        ("button", _("Cancel")),
        ("text", _("Withdraw from contract here")),
        marks=1,
    ),
    "garage": _screen(
        _PAGE,
        _("My Garage"),
        ("choice", _("My car")),
        ("text", _("Prove access")),
        ("text", _("Sell this car")),
        marks=1,
    ),
    "profile": _screen(
        _PAGE, _("Profile"), ("field", _("Name")), ("field", _("Telephone")), ("fact", _("Language"), "…"), marks=3
    ),
    "dealers": _screen(_PAGE, _("Preferred dealer"), ("field", _("Town or name")), ("choice", _("My dealer")), marks=2),
    "car-profile": _screen(_CAR, _("Profile"), ("choice", _("My profile")), ("button", _("Link")), marks=2),
    "car-sign-out": _screen(_CAR, _("Profile"), ("choice", _("Previous owner")), ("button", _("Sign out")), marks=2),
    "consequences": _screen(
        _PAGE,
        _("Remove the car"),
        ("fact", _("Services end"), _("today")),
        ("fact", _("Refund"), "€ …"),
        ("button", _("Remove the car")),
        marks=2,
    ),
    "cancellation": _screen(
        _PAGE, _("Cancel"), ("fact", _("Ends on"), "…"), ("fact", _("Refund"), "€ …"), ("button", _("Cancel")), marks=2
    ),
    "sale": _screen(
        _PAGE,
        _("Sell this car"),
        ("tick", _("Subscriptions ended")),
        ("tick", _("Car removed")),
        ("tick", _("Profile in the car deleted")),
        marks=0,
    ),
    "certificate": _screen(_PAGE, _("Certificate"), ("text", _("Nothing is connected")), ("code", ""), marks=2),
    "reach": _screen(
        _PAGE,
        _("My car"),
        ("fact", _("Accounts"), "2"),
        ("fact", _("Drivers"), "1"),
        ("button", _("End")),
    ),
    "transfer-code": _screen(
        _PAGE,
        _("Add a car"),
        ("field", _("Transfer code"), "· · · ·"),
        ("field", _("Odometer")),
        ("button", _("Take the car over")),
        marks=1,
    ),
    "why": _screen(
        _PAGE,
        _("Why is it not working?"),
        ("tick", _("Terms of Use")),
        ("tick", _("Active account")),
        ("fact", _("Privacy Mode"), _("In the way")),
        marks=3,
    ),
    "key-set-up": _screen(_PHONE, _("Digital key"), ("text", _("Set up")), ("button", _("Create the key")), marks=2),
    "key-invite": _screen(_PHONE, _("Invite a driver"), ("field", _("E-mail")), ("button", _("Send")), marks=1),
    "key-accept": _screen(
        _PHONE, _("Invitation"), ("text", _("You may drive this car")), ("button", _("Accept")), marks=2
    ),
    "key-end": _screen(_PHONE, _("Drivers"), ("choice", _("My family")), ("button", _("End")), marks=2),
    "bluetooth": _screen(
        _PHONE, _("Settings"), ("fact", "Bluetooth", _("on")), ("fact", _("Location"), _("on")), marks=1
    ),
    "calibrate": _screen(
        _PHONE,
        _("Calibration"),
        ("tick", _("Beside the door")),
        ("tick", _("On the seat")),
        ("button", _("Go on")),
        marks=1,
    ),
    "charger-code": _screen(_PHONE, _("Add a charger"), ("code", ""), ("button", _("Go on")), marks=1),
    "charger-network": _screen(
        _PHONE, _("Home network"), ("choice", "Wi-Fi"), ("field", _("Password")), ("button", _("Connect")), marks=1
    ),
    "charging-times": _screen(
        _PHONE, _("Charging"), ("fact", _("Charge to"), "80 %"), ("fact", _("Ready at"), "07:00"), ("button", _("Save"))
    ),
    "charging-now": _screen(
        _PHONE, _("Charging"), ("fact", _("Charge"), "64 %"), ("fact", _("Power"), "7 kW"), marks=1
    ),
    "phone-and-car": _picture("phone_and_car"),
    "phone-to-phone": _picture("phone_to_phone"),
    "wall-box": _picture("wall_box"),
    "cable": _picture("cable"),
    "where-the-vin-is": _picture("where_the_vin_is"),
}


@dataclass(frozen=True)
class Drawn:
    template: str
    height: int
    frame: str = ""
    rows: tuple[Placed, ...] = ()


def drawn(name: str) -> Drawn:
    """KeyError for one that there is not; loading has refused it before."""
    drawing = DRAWINGS[name]
    if isinstance(drawing, Picture):
        return Drawn(drawing.template, drawing.height)
    rows, y = [], _TOP
    for place, row in enumerate(drawing.rows):
        height = _HEIGHTS[row.kind]
        rows.append(Placed(row, y, height, is_marked=place == drawing.marks))
        y += height
    return Drawn("support/drawings/_screen.html", y + _BOTTOM, frame=drawing.frame, rows=tuple(rows))
