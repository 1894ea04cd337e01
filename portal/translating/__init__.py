"""Collects the site's messages and keeps `portal/locale/` up to date, without a system gettext."""
