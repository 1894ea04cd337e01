"""Links of accounts and cars of the system before this one, and who has control (G1, G3, V4)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

from django.db.models import Count

from accounts.actions.move_in import NO_ACCOUNT, accounts_of
from garage.models import ControlPeriod, Membership, Vehicle
from garage.registry import get_registry
from garage.rules.membership import has_room
from portal import audit
from portal.batches import insert_all
from portal.origins import Move, Row


class Links:
    """An active link is taken as proved. Control counts from the move, so that whoever else had once proved access has
    to prove it anew before asking for control (V4)."""

    kind = "link"

    def __init__(self, rows: Sequence[Row], move: Move) -> None:
        self.move = move
        self.accounts = accounts_of(rows)
        vins = {row["vin"] for row in rows}
        self.vehicles = {car.vin: car for car in Vehicle.objects.filter(vin__in=vins)}
        self.registered = {car.vin: car for car in get_registry().by_vins(vins - self.vehicles.keys())}
        current = Membership.objects.current()
        held = current.filter(account__in=self.accounts.values()).values_list("account").annotate(Count("pk"))
        self.held = Counter(dict(held))
        self.active = set(current.filter(vehicle__vin__in=vins, is_active=True).values_list("vehicle__vin", flat=True))
        pairs = current.filter(vehicle__vin__in=vins, account__in=self.accounts.values())
        self.pairs = set(pairs.values_list("account", "vehicle__vin"))

    def refusal(self, row: Row) -> str:
        account, vin = self.accounts.get(row["account"]), row["vin"]
        if account is None:
            return NO_ACCOUNT
        if vin not in self.vehicles and vin not in self.registered:
            return "the vehicle registry does not know this car"
        if (account.pk, vin) in self.pairs:
            return "this car is in the account's garage already"
        if not has_room(self.held[account.pk]):
            return "the garage is full: it holds 10 cars (G1)"
        if row["is_active"] and not row["is_verified"]:
            return "control without proved access"
        if row["is_active"] and vin in self.active:
            return "another account has control of this car already (G3)"
        if row["linked_on"] > account.market.local_date(self.move.now):
            return "linked on a day to come"
        self._count(row, account.pk)
        return ""

    def _count(self, row: Row, account_id: int) -> None:
        self.pairs.add((account_id, row["vin"]))
        self.held[account_id] += 1
        if row["is_active"]:
            self.active.add(row["vin"])

    def store(self, rows: Sequence[Row]) -> None:
        """Nothing."""

    def keep(self, rows: Sequence[Row]) -> list[int]:
        self._keep_cars({row["vin"] for row in rows})
        self.selected = set(
            Membership.objects.current()
            .filter(is_selected=True, account__in=self.accounts.values())
            .values_list("account", flat=True)
        )
        links = [self._link(row) for row in rows]
        insert_all(links)
        insert_all(
            [
                ControlPeriod(vehicle_id=link.vehicle_id, account_id=link.account_id, started_at=self.move.now)
                for link in links
                if link.is_active
            ]
        )
        audit.append([self._record(row, link) for row, link in zip(rows, links, strict=True)])
        return [link.pk for link in links]

    def _keep_cars(self, vins: set[str]) -> None:
        cars = [self.registered[vin] for vin in sorted(vins - self.vehicles.keys())]
        facts = [asdict(car) | {"capabilities": list(car.capabilities)} for car in cars]
        new = [Vehicle(added_at=self.move.now, **each) for each in facts]
        insert_all(new)
        self.vehicles |= {car.vin: car for car in new}

    def _link(self, row: Row) -> Membership:
        account = self.accounts[row["account"]]
        linked_at = self.move.noon(row["linked_on"], account.market)
        is_selected = account.pk not in self.selected
        self.selected.add(account.pk)
        return Membership(
            account=account,
            vehicle=self.vehicles[row["vin"]],
            identified_as=row["vin"],
            nickname=row["nickname"],
            is_selected=is_selected,
            linked_at=linked_at,
            verified_at=linked_at if row["is_verified"] else None,
            is_active=row["is_active"],
        )

    def _record(self, row: Row, link: Membership) -> "audit.AuditRecord":
        facts = {"source": self.move.source, "line": row.line, "is_active": link.is_active}
        return audit.unsaved("taken over", account=link.account, by=None, now=self.move.now, subject=link, **facts)
