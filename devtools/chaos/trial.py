"""One trial: people work at several companies, and each company's writes meet a fault."""

import random
import time

from app.extensions import now
from app.quickbooks.models import ConnectionState
from devtools.chaos.access import ACCESS
from devtools.chaos.bookkeeper import HANDS
from devtools.chaos.hits import Hits
from devtools.chaos.kinds import Kind
from devtools.chaos.processes import PROCESSES
from devtools.chaos.scene import WORKERS, Tenant, connection_of, look_anew
from devtools.chaos.town import Town
from devtools.chaos.wire import WIRE

KINDS = (*WIRE, *PROCESSES, *ACCESS)
NAMES = (*(kind.name for kind in KINDS), *HANDS)
HANDS_A_TRIAL = 2
STRIKE_SECONDS = 1.2  # real: until a fault that met nothing is left to later calls
GATHER_SECONDS = 0.3  # from the first write on the wire to the blow, shorter than any is held
NUDGE_SECONDS = 0.4  # until people do more, so that there is something to meet


class Trials:
    def __init__(self, town: Town, kinds: list[Kind], hits: Hits, chance: random.Random) -> None:
        self._scene, self._crews, self._bookkeepers = town.scene, town.crews, town.bookkeepers
        self._kinds, self._hits, self._said, self._chance = kinds, hits, town.said, chance
        self._hands = [name for name in HANDS if name in hits.by_kind]
        self._last_call = 0

    def run(self) -> None:
        tenants = self._ready()
        plan = self._plan(tenants)
        waiting = {self._arm(tenant, kind): tenant for tenant, kind in plan.items()}
        self._refuse(plan)
        for tenant in tenants:
            self._crews[tenant.company_id].do_something()
        self._work_in_quickbooks()
        self._until_struck(waiting, plan)
        self.collect()

    def _work_in_quickbooks(self) -> None:
        for _ in range(HANDS_A_TRIAL if self._hands else 0):
            hand = self._hits.neediest_name(self._hands, self._chance)
            bookkeepers = self._chance.sample(list(self._bookkeepers.values()), len(self._bookkeepers))
            if any(bookkeeper.do(hand) for bookkeeper in bookkeepers):
                self._hits.by_kind[hand] += 1

    def collect(self) -> None:
        calls = self._scene.quickbooks.calls(self._last_call)
        self._last_call = calls[-1]["number"] if calls else self._last_call
        self._hits.count(calls)
        self._said.read(calls)

    def _ready(self) -> list[Tenant]:
        """Those who can send at present, or all when there is none. Who lost the connection may make it again."""
        look_anew()
        for tenant in self._scene.tenants:
            if connection_of(tenant).state is not ConnectionState.CONNECTED and self._chance.random() < 0.5:
                tenant.owner.connect()
        ready = [tenant for tenant in self._scene.tenants if _can_send(tenant)]
        return ready or list(self._scene.tenants)

    def _plan(self, tenants: list[Tenant]) -> dict[Tenant, Kind]:
        first, *others = self._hits.neediest(self._kinds, self._chance)
        if first.everywhere:
            return dict.fromkeys(tenants, first)
        alone = [first, *(kind for kind in others if not kind.everywhere)]
        return dict(zip(tenants, alone, strict=False))

    def _arm(self, tenant: Tenant, kind: Kind) -> tuple[int, ...]:
        """Ids of the scripts to wait for."""
        waiting = []
        for script in kind.scripts(self._chance):
            told = {"realm": tenant.realm, **script}
            if told.pop("label", False):
                told["label"] = kind.name
            if told.pop("anywhere", False):
                told["realm"] = None
            waiting.append(self._scene.quickbooks.script(**told))
        return tuple(waiting)

    def _refuse(self, plan: dict[Tenant, Kind]) -> None:
        """A token has to be dead before the write comes."""
        for tenant, kind in plan.items():
            if kind.refuses and kind.strike:
                self._hits.expect_refusals(tenant.realm, kind)
                kind.strike(self._scene, [tenant], self._chance)

    def _until_struck(self, waiting: dict[tuple[int, ...], Tenant], plan: dict[Tenant, Kind]) -> None:
        """Each company's blow falls once its write is on the wire; one for all waits for some more writes."""
        started, nudged = time.monotonic(), False
        until, met = started + STRIKE_SECONDS, list[Tenant]()
        open_ = {ids: tenant for ids, tenant in waiting.items() if ids}
        everywhere = next((kind for kind in plan.values() if kind.everywhere), None)
        while open_ and time.monotonic() < until and not (everywhere and len(met) == WORKERS):
            used = self._scene.quickbooks.struck_scripts()
            for ids in [ids for ids in open_ if used.intersection(ids)]:
                met.append(open_.pop(ids))
                if everywhere:
                    until = min(until, time.monotonic() + GATHER_SECONDS)
                elif (kind := plan[met[-1]]).strike and not kind.refuses:
                    kind.strike(self._scene, [met[-1]], self._chance)
            if not nudged and time.monotonic() > started + NUDGE_SECONDS:
                nudged = True
                for tenant in open_.values():
                    self._crews[tenant.company_id].surely_write()
            time.sleep(0.03)
        if everywhere and everywhere.strike and met:
            everywhere.strike(self._scene, list(plan), self._chance)


def _can_send(tenant: Tenant) -> bool:
    connection = connection_of(tenant)
    paused = connection.paused_until is not None and connection.paused_until > now()
    return connection.state is ConnectionState.CONNECTED and not paused
