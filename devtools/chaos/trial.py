"""One trial: people work at several companies, and each company's writes meet a fault."""

import random
import time
from contextlib import suppress

from app.extensions import now
from app.quickbooks.models import ConnectionState
from devtools.chaos.access import ACCESS
from devtools.chaos.ambush import Ambush, Trap
from devtools.chaos.bookkeeper import HANDS
from devtools.chaos.hits import Hits
from devtools.chaos.kinds import Kind
from devtools.chaos.processes import PROCESSES
from devtools.chaos.quiet import is_quiet
from devtools.chaos.scene import WORKERS, Tenant, connection_of, look_anew
from devtools.chaos.town import Town
from devtools.chaos.wire import WIRE
from devtools.waiting import wait_until

KINDS = (*WIRE, *PROCESSES, *ACCESS)
NAMES = (*(kind.name for kind in KINDS), *HANDS)
HANDS_A_TRIAL = 2
# Real seconds: until people do more, so that there is something to meet; how long what is left may still strike.
NUDGE_SECONDS, CALM_SECONDS = 0.4, 6


class Trials:
    def __init__(self, town: Town, kinds: list[Kind], hits: Hits, chance: random.Random) -> None:
        self._scene, self._crews, self._bookkeepers = town.scene, town.crews, town.bookkeepers
        self._kinds, self._hits, self._said, self._chance = kinds, hits, town.said, chance
        self._hands = [name for name in HANDS if name in hits.by_kind]
        self._last_call = 0
        self._forgetting: list[Trap] = []
        self._left: list[Trap] = []

    def run(self) -> None:
        tenants = self._ready()
        plan = self._plan(tenants)
        traps = [self._arm(tenant, kind) for tenant, kind in plan.items()]
        self._refuse(plan)
        for tenant, kind in plan.items():
            crew = self._crews[tenant.company_id]
            (crew.write_many if kind.many else crew.write)()
        self._forgetting += [trap for trap in traps if trap.kind.nobody_else]
        self._work_in_quickbooks()
        self._until_struck(traps)
        self.collect()

    def _work_in_quickbooks(self) -> None:
        used = self._scene.quickbooks.used_up_scripts() if self._forgetting else set()
        self._forgetting = [trap for trap in self._forgetting if not trap.scripts <= used]
        away = {trap.tenant.company_id for trap in self._forgetting}
        present = [keeper for id_, keeper in self._bookkeepers.items() if id_ not in away]
        for _ in range(HANDS_A_TRIAL if self._hands else 0):
            hand = self._hits.neediest_name(self._hands, self._chance)
            if any(bookkeeper.do(hand) for bookkeeper in self._chance.sample(present, len(present))):
                self._hits.by_kind[hand] += 1

    def calm(self) -> None:
        """What was armed strikes as long as there is something to meet; then nothing more goes wrong."""
        with suppress(TimeoutError):
            wait_until(self._is_through, "every fault has struck", seconds=CALM_SECONDS, every=0.3)
        self._scene.quickbooks.calm()
        self._forgetting, self._left = [], []
        self._hits.calm()

    def _is_through(self) -> bool:
        return not self._scene.quickbooks.realms_with_faults() or is_quiet()

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
        return self._chance.sample(ready, len(ready)) or list(self._scene.tenants)

    def _plan(self, tenants: list[Tenant]) -> dict[Tenant, Kind]:
        """The kinds that struck least. One that befalls all at once waits for the writes of some. Where a fault of
        an earlier trial still waits for a write, only a blow can be added: a write meets one fault.
        """
        plan: dict[Tenant, Kind] = {}
        kinds = self._hits.neediest(self._kinds, self._chance)
        if kinds[0].everywhere:
            plan = dict.fromkeys(tenants[:WORKERS], kinds[0])
        alone = [kind for kind in kinds if not kind.everywhere]
        waiting = self._scene.quickbooks.realms_with_faults()
        for tenant in tenants[len(plan) :]:
            fitting = (kind for kind in alone if kind.by_blow or tenant.realm not in waiting)
            if kind := next(fitting, None):
                plan[tenant] = kind
                alone.remove(kind)
        return plan

    def _arm(self, tenant: Tenant, kind: Kind) -> Trap:
        waiting = []
        for script in kind.scripts(self._chance):
            told = {"realm": tenant.realm, **script}
            if told.pop("label", False):
                told["label"] = kind.name
                self._hits.expect(kind)
            if told.pop("anywhere", False):
                told["realm"] = None
            waiting.append(self._scene.quickbooks.script(**told))
        return Trap(tenant, kind, frozenset(waiting))

    def _refuse(self, plan: dict[Tenant, Kind]) -> None:
        """A token has to be dead before the write comes."""
        for tenant, kind in plan.items():
            if kind.refuses and kind.strike:
                self._hits.expect_refusals(tenant.realm, kind)
                kind.strike(self._scene, [tenant], self._chance)

    def _until_struck(self, traps: list[Trap]) -> None:
        """Each company's blow falls once its write is on the wire; one for all waits for some more writes."""
        ambush, nudge_at = Ambush(traps, self._left), time.monotonic() + NUDGE_SECONDS
        while not ambush.is_over:
            for trap in ambush.met_since(self._scene.quickbooks.struck_scripts()):
                self._strike(trap.kind, [trap.tenant])
            if gathered := ambush.take_gathered():
                self._strike(gathered[0].kind, [trap.tenant for trap in gathered])
            if time.monotonic() > nudge_at:
                nudge_at += 3 * NUDGE_SECONDS
                for trap in ambush.waiting:
                    self._crews[trap.tenant.company_id].write_many()
            time.sleep(0.03)
        self._left = [trap for trap in ambush.waiting if not trap.has_blow]

    def _strike(self, kind: Kind, met: list[Tenant]) -> None:
        if kind.strike:
            kind.strike(self._scene, met, self._chance)
        if kind.by_blow:
            self._hits.fell(kind, len(met))


def _can_send(tenant: Tenant) -> bool:
    connection = connection_of(tenant)
    paused = connection.paused_until is not None and connection.paused_until > now()
    return connection.state is ConnectionState.CONNECTED and not paused
