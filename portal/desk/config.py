"""Puts the portal's own admin site in the place of Django's (an entry of INSTALLED_APPS)."""

from django.contrib.admin.apps import AdminConfig


class StaffAdminConfig(AdminConfig):
    default_site = "portal.desk.site.StaffSite"
