"""What the garage does on time."""

from celery import shared_task

from garage.orders_file import deliver_waiting
from garage.reminding import remind_of_bookings, remind_of_maintenance
from portal.clock import database_now


@shared_task
def deliver_ordered_vehicles() -> None:
    """Delivered cars that had to wait (no account, not in the registry, no room) go into the garage that has room."""
    deliver_waiting(now=database_now())


@shared_task
def remind_of_service() -> None:
    """Thirty days before maintenance is due, and on the day before a booking (G8)."""
    now = database_now()
    remind_of_maintenance(now=now)
    remind_of_bookings(now=now)
