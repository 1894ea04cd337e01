"""The customer centre's frame in Django admin: its site, and what the apps' own pages at the desk stand on."""
