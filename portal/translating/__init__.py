"""Collects the site's messages and keeps `portal/locale/*/LC_MESSAGES/django.po` up to date, without a system gettext."""
