"""Stripe behind the port: `client` speaks to it, `outcomes`, `refusals` and `amounts` read it, `webhook` verifies it.

What real Stripe is asked, why, and what no test has proved: docs/payments-provider.md. Nothing here imports Django.
"""
