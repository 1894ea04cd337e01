"""The demo from start to Ctrl-C."""

import http.client
import os
import shutil
import signal
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from types import FrameType
from typing import NoReturn

from django.conf import settings

from portal import embedded
from portal.demo import DemoRefusal
from portal.demo.children import Child, Running, check_alive, end_of_log, running
from portal.demo.claim import RUN_VARIABLE, claim, end_leftovers
from portal.demo.people import sign_in_lines
from portal.demo.ports import HOST, check_ports
from portal.demo.steps import take_steps

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
WEB_PATIENCE_SECONDS = 60

Say = Callable[..., None]


def run(say: Say) -> None:
    """Run the demo until Ctrl-C or SIGTERM. Raises `DemoRefusal`."""
    began = time.monotonic()
    _stop_on_signals()
    try:
        with claim(settings.STATE_DIR):
            end_leftovers(state_dir=settings.STATE_DIR)
            check_ports({"PORT": settings.DEMO_PORT, "SANDBOX_PORT": settings.SANDBOX_PORT})
            take_steps(say)
            _serve(say, began=began)
    except KeyboardInterrupt:
        say("\nStopping what the demo started ...")
    finally:
        embedded.release_all()


def clean(say: Say) -> None:
    """Delete the demo's state: database, broker, mails, made files. Raises `DemoRefusal` if a demo runs."""
    with claim(settings.STATE_DIR):
        end_leftovers(state_dir=settings.STATE_DIR)
        embedded.remove(settings.STATE_DIR)
        shutil.rmtree(settings.STATE_DIR)
    say(f"Removed {settings.STATE_DIR}.")


def _stop_on_signals() -> None:
    def stop(number: int, frame: FrameType | None) -> NoReturn:
        # Ending is under way and has its own time limits; a second Ctrl-C would only leave something behind.
        for each in SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    for each in SIGNALS:
        # nohup has its reasons.
        if each != signal.SIGHUP or signal.getsignal(each) != signal.SIG_IGN:
            signal.signal(each, stop)


def _serve(say: Say, *, began: float) -> None:
    say("  Start the web, the worker and the sandbox ".ljust(58, "."), end="")
    started_at = time.monotonic()
    children = _children()
    with running(
        children, environment=_environment(), state_dir=settings.STATE_DIR, folder=settings.BASE_DIR
    ) as started:
        _wait_for_web(started)
        say(f" {time.monotonic() - started_at:.1f} s")
        _welcome(say, seconds=time.monotonic() - began)
        while True:
            check_alive(started)
            time.sleep(0.3)


def _children() -> list[Child]:
    """The sandbox comes first and is therefore ended last."""
    module = [sys.executable, "-m"]
    web = ["--workers", "1", "--threads", "8", "--graceful-timeout", "5", "--no-control-socket"]
    celery = [*module, "celery", "-A", "portal"]
    alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    schedule = str(settings.STATE_DIR / "beat-schedule")
    return [
        Child("sandbox", [*module, "subscriptions.gateway.sandbox.server"]),
        Child("web", [*module, "gunicorn", "portal.wsgi", "--bind", f"{HOST}:{settings.DEMO_PORT}", *web]),
        Child("worker", [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO", *alone]),
        Child("beat", [*celery, "beat", "--loglevel", "INFO", "--schedule", schedule]),
    ]


def _environment() -> dict[str, str]:
    return os.environ | {
        RUN_VARIABLE: uuid.uuid4().hex,
        "PORTAL_MODE": "demo",
        "PORTAL_STATE_DIR": str(settings.STATE_DIR),
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
        "PORT": settings.DEMO_PORT,
        "SITE_URL": settings.SITE_URL,
        "SANDBOX_URL": settings.SANDBOX_URL,
        "SANDBOX_PORT": settings.SANDBOX_PORT,
        "SANDBOX_STATE": str(settings.SANDBOX_STATE),
        "SANDBOX_SECRET": settings.SANDBOX_SECRET,
        "SANDBOX_WEBHOOK_URL": f"http://{HOST}:{settings.DEMO_PORT}/webhooks/payments/",
        "SANDBOX_WEBHOOK_SECRET": settings.WEBHOOK_SECRETS[0],
        "WEBHOOK_SECRETS": ",".join(settings.WEBHOOK_SECRETS),
        "SANDBOX_RETURN_ORIGINS": f"{settings.SITE_URL},http://{HOST}:{settings.DEMO_PORT}",
        "CHARGING_RUN_HOURS": ",".join(str(hour) for hour in settings.CHARGING_RUN_HOURS),
        "CHARGING_RUN_MINUTES": settings.CHARGING_RUN_MINUTES,
        "PYTHONUNBUFFERED": "1",
    }


def _wait_for_web(started: Sequence[Running]) -> None:
    deadline = time.monotonic() + WEB_PATIENCE_SECONDS
    while (status := _status_of_first_page()) is None:
        check_alive(started)
        if time.monotonic() > deadline:
            break
        time.sleep(0.1)
    if status is None or status >= 500:
        web = next(each for each in started if each.child.name == "web")
        raise DemoRefusal(f"The first page cannot be shown ({status or 'no answer'}). {end_of_log(web)}")


def _status_of_first_page() -> int | None:
    connection = http.client.HTTPConnection(HOST, int(settings.DEMO_PORT), timeout=20)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def _welcome(say: Say, *, seconds: float) -> None:
    say(f"\nThe portal is ready after {seconds:.0f} s: {settings.SITE_URL}/")
    say(f"Mails that it sends: {settings.SITE_URL}/demo/mail/")
    for line in sign_in_lines():
        say(line)
    say(f"Logs: {settings.STATE_DIR / 'logs'}. Ctrl-C ends the demo.")
