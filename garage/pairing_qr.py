"""The QR code that a head unit shows beside its pairing code."""

import segno
from django.conf import settings
from django.urls import reverse


def pairing_qr(code: str) -> segno.QRCode:
    """What a car's screen shows beside its code."""
    return segno.make(pairing_address(code), micro=False, error="m")


def pairing_address(code: str) -> str:
    """Leads to the page where the code is typed in. The code stands behind a #, so that no server's log gets it."""
    return f"{settings.SITE_URL}{reverse('add_by_code')}#{code}"
