"""Where the thing of an answer is done, in words: on this site, in the app or the car, or in both (H1)."""

from django.utils.translation import gettext as _

from portal.models import Brand


def where(done_in: str, brand: Brand) -> str:
    facts = {"app": brand.app_name, "portal": brand.portal_name}
    if done_in == "portal":
        return _("Done here, in %(portal)s") % facts
    if done_in == "app":
        return _("Done in %(app)s or in the car") % facts
    return _("Done here or in %(app)s") % facts
