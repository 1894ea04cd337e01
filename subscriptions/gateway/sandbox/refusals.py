"""Requests that no provider would take: programming errors of the caller, not outcomes. Nothing was changed."""


class RequestRefused(ValueError):
    """The request makes no sense; HTTP 400."""

    status = 400


class UnknownReference(RequestRefused):
    """No such card, charge or setup; HTTP 404."""

    status = 404


class KeyReused(RequestRefused):
    """The idempotency key belongs to another request; HTTP 409."""

    status = 409


BY_STATUS = {refusal.status: refusal for refusal in (RequestRefused, UnknownReference, KeyReused)}
