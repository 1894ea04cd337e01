"""A payment provider to try the portal with: a process and origin of its own, or in process for rehearsals.

From the ground up: `state` (SQLite) and `idempotency`; `cards`, `setups`, `payments` and `disputes` (the
rules), `events` (what it tells, sent by `sender`) and `rate` (how many calls it takes); `provider` (all of
it as one object); then two ways in, `in_process` and, over HTTP, `client` with `server`, `application`, `api` (for the
portal) and `pages` (for the customer). Nothing here imports Django, and production refuses to use it.
"""
