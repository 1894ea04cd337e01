"""What the garage does on time."""

from celery import shared_task

from garage.actions import forget_trips as forgetting
from garage.actions.forget_reports import forget_reports
from garage.actions.grant_ends import end_grants_that_are_over
from garage.files.orders import deliver_waiting
from garage.notices.maintenance import remind_of_bookings, remind_of_maintenance
from garage.notices.recalls import tell_of_recalls
from garage.notices.trips_going import tell_before_trips_go
from garage.notices.warranty import remind_of_warranty
from portal.clock import database_now


@shared_task
def deliver_ordered_vehicles() -> None:
    """Delivered cars that had to wait (no account, not in the registry, no room) go into the garage that has room."""
    deliver_waiting(now=database_now())


@shared_task
def end_data_grants() -> None:
    """Third parties whose last day is over read nothing more anyhow; now their owners are told (D3)."""
    end_grants_that_are_over(now=database_now())


@shared_task
def forget_vehicle_reports() -> None:
    """Nightly: what cars reported so long ago that it is kept no longer (G10)."""
    forget_reports(now=database_now())


@shared_task
def forget_trips() -> None:
    """Nightly: trips and their sums whose months are over are deleted."""
    forgetting.forget_trips(now=database_now())


@shared_task
def remind_of_service() -> None:
    """Thirty days before maintenance is due or the warranty has its day, and on the day before a booking (G8)."""
    now = database_now()
    remind_of_maintenance(now=now)
    remind_of_warranty(now=now)
    remind_of_bookings(now=now)


@shared_task
def tell_of_open_recalls() -> None:
    """Each car's account, once for each recall (G8)."""
    tell_of_recalls(now=database_now())


@shared_task
def tell_of_trips_that_go() -> None:
    """Thirty days before the first trips of a quarter of a year are deleted (T1)."""
    tell_before_trips_go(now=database_now())
