"""A dealer's own system with its token, and who works there."""

from django.contrib.auth.models import Group

from accounts.identity.clients import find_client
from accounts.models import Account
from garage.models import DealerSystem, Workshop, WorkshopStaff
from portal.roles import load_roles
from tests import make, oidc


def system_of(shop: Workshop, client_id: str = oidc.DEALER_SYSTEM) -> oidc.PortalClient:
    """Bound to this dealer; the clients of the file have to be loaded. Another id is a client like it."""
    if client_id != oidc.DEALER_SYSTEM:
        like_it(client_id)
    DealerSystem.objects.create(client_id=client_id, workshop=shop)
    return oidc.machine(client_id)


def like_it(client_id: str) -> None:
    """Another client with the scope."""
    client = find_client(oidc.DEALER_SYSTEM)
    client.pk = client_id
    client.save(force_insert=True)


def mechanic_of(shop: Workshop, email: str = "anna@staff.example.com") -> Account:
    load_roles()
    made = Account.objects.create_user(
        email, make.PASSWORD, market=shop.dealer.market, is_staff=True, first_name="Anna", last_name="Panou"
    )
    made.groups.add(Group.objects.get(name="dealer"))
    WorkshopStaff.objects.create(account=made, workshop=shop)
    return made
