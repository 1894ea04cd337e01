"""django-plans' own renewal task, in a process and an environment of its own.

`python renewing_plans.py CONNECTION ACCOUNTS`: CONNECTION is a JSON object with `host`, `user` and `dbname` of an empty
database. It says "ready" and then answers each line of its standard input: "renew N" makes N accounts due (not timed),
has the task renew them, and says how many it renewed, the seconds that took and the statements it sent, as JSON.
Orders, invoices and numbers are its own; the provider answers at once, and mails are switched off.
"""

import json
import sys
import time
import warnings
from datetime import timedelta
from decimal import Decimal

import django
from django.conf import settings

DAYS = 30


class FixedRate:
    """Its own policy for Europe asks a web service of the Commission for each order."""

    def get_tax_rate(self, tax_id: str | None, country_code: str, request: object = None) -> tuple[Decimal, bool]:
        return Decimal("19.00"), True


def configure(connection: dict[str, str]) -> None:
    settings.configure(
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "HOST": connection["host"],
                "USER": connection["user"],
                "NAME": connection["dbname"],
                "CONN_MAX_AGE": None,
            }
        },
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "ordered_model", "sequences", "plans"],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        ROOT_URLCONF="plans.urls",
        USE_TZ=True,
        SECRET_KEY="only for measuring",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        SEND_PLANS_EMAILS=False,
        PLANS_CURRENCY="EUR",
        PLANS_TAX=Decimal("19.00"),
        PLANS_TAXATION_POLICY="renewing_plans.FixedRate",
        PLANS_TAX_COUNTRY="CY",
        PLANS_AUTORENEW_SCHEDULE=[timedelta(0)],
        PLANS_INVOICE_ISSUER={
            "issuer_name": "Sample Seller Ltd",
            "issuer_street": "1 Street",
            "issuer_zipcode": "1000",
            "issuer_city": "Nicosia",
            "issuer_country": "CY",
            "issuer_tax_number": "CY00000000X",
        },
        LOGGING_CONFIG=None,
    )
    django.setup()


def fill(accounts: int) -> None:
    """Accounts with a plan that the task renews, each with a verified token."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from plans.models import BillingInfo, Plan, PlanPricing, Pricing, RecurringUserPlan, UserPlan

    call_command("migrate", verbosity=0, interactive=False)
    plan = Plan.objects.create(name="Navigation", description="Navigation", available=True, visible=True)
    pricing = Pricing.objects.create(name="a month", period=DAYS)
    PlanPricing.objects.create(plan=plan, pricing=pricing, price=Decimal("8.32"))
    people = get_user_model()
    people.objects.bulk_create(
        people(username=f"u{number}", email=f"u{number}@example.com", password="!") for number in range(accounts)
    )
    users = list(people.objects.all())
    BillingInfo.objects.bulk_create(
        BillingInfo(user=user, name="Eleni Georgiou", street="1 Street", zipcode="1065", city="Nicosia", country="CY")
        for user in users
    )
    contracts = UserPlan.objects.bulk_create(UserPlan(user=user, plan=plan, active=True) for user in users)
    RecurringUserPlan.objects.bulk_create(
        RecurringUserPlan(
            user_plan=contract,
            token="token",
            payment_provider="instant",
            pricing=pricing,
            amount=Decimal("8.32"),
            tax=Decimal("19.00"),
            currency="EUR",
            renewal_triggered_by=RecurringUserPlan.RENEWAL_TRIGGERED_BY.TASK,
            token_verified=True,
        )
        for contract in contracts
    )


def renew(sender: object, user: object, **_: object) -> None:
    """What its documentation asks the application to do: make the order, have it paid, complete it."""
    order = user.userplan.recurring.create_renew_order()
    order.complete_order()


def make_due(count: int) -> None:
    from django.db import connection
    from django.utils import timezone
    from plans.models import RecurringUserPlan, UserPlan

    today = timezone.localdate()
    UserPlan.objects.update(expire=today + timedelta(days=10 * DAYS))
    due = list(UserPlan.objects.order_by("pk").values_list("pk", flat=True)[:count])
    UserPlan.objects.filter(pk__in=due).update(expire=today, active=True)
    RecurringUserPlan.objects.update(last_renewal_attempt=None)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM plans_userplan, plans_recurringuserplan, plans_order, plans_invoice, sequences_sequence")


def answer(count: int) -> dict[str, float]:
    from django.db import connection
    from plans.tasks import autorenew_account

    make_due(count)
    sent = 0

    def counted(execute, sql, params, many, context):
        nonlocal sent
        sent += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(counted):
        began = time.perf_counter()
        renewed = len(autorenew_account())
        seconds = time.perf_counter() - began
    return {"count": renewed, "seconds": seconds, "statements": sent}


def main() -> None:
    # Its own business, on an output that only the benchmark reads.
    warnings.simplefilter("ignore")
    configure(json.loads(sys.argv[1]))
    fill(int(sys.argv[2]))
    from plans.signals import account_automatic_renewal

    account_automatic_renewal.connect(renew)
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(int(line.split()[1]))), flush=True)


if __name__ == "__main__":
    main()
