"""The QR code that a head unit shows beside its pairing code."""

import segno
from django.conf import settings
from django.urls import reverse


def pairing_qr(code: str) -> segno.QRCode:
    """Leads to the page where the code is typed in. The code stands behind a #, so that no server's log gets it."""
    return segno.make(f"{settings.SITE_URL}{reverse('add_by_code')}#{code}", micro=False, error="m")
