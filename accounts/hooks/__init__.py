"""What the app's backend is told of by webhooks: read from the audit trail, so that no action knows of it.

`kinds` is the table of events, which each app fills in `AppConfig.ready()`; `finding` reads the trail, `sending` tells.
"""
