"""What goes wrong: one function a kind. Each may strike while records are on their way."""

import random
import time
from collections.abc import Callable

from app.accounts.models import Company, Plan
from app.accounts.plans import change_plan
from app.extensions import db
from devtools.chaos.scene import Scene, Tenant

Strike = Callable[[Scene, Tenant, random.Random], None]

WRITES = (
    None,
    "batch",
    "invoice.create",
    "invoice.update",
    "invoice.void",
    "customer.create",
    "customer.update",
    "payment.create",
    "payment.update",
    "refundreceipt.create",
)
ITEM_CREATES = ("item:invoice.create", "item:customer.create", "item:item.create", "item:payment.create")
ITEM_UPDATES = ("item:invoice.update", "item:customer.update")
LONGEST_LATENCY = 3.0  # real seconds: within the 120 that QuickBooks has, as the hurried world counts


def _script(effect: str, **details: object) -> Strike:
    """On a call or two of one company's, whichever comes."""

    def strike(scene: Scene, tenant: Tenant, chance: random.Random) -> None:
        operation, times = chance.choice(WRITES), chance.choice((1, 1, 2))
        scene.quickbooks.script(effect, realm=tenant.realm, operation=operation, times=times, **details)

    return strike


def slow(scene: Scene, tenant: Tenant, chance: random.Random) -> None:
    seconds = chance.uniform(0.2, LONGEST_LATENCY)
    operation = chance.choice(("batch", "invoice.create", "query", "item:invoice.create"))
    scene.quickbooks.script("latency", realm=tenant.realm, operation=operation, times=2, seconds=seconds)


def slow_and_cut(scene: Scene, tenant: Tenant, chance: random.Random) -> None:
    """The worker dies while QuickBooks is still busy with what it sent."""
    for operation in ("batch", "invoice.create"):
        seconds = chance.uniform(0.5, LONGEST_LATENCY)
        scene.quickbooks.script("latency", realm=tenant.realm, operation=operation, times=1, seconds=seconds)
    time.sleep(chance.uniform(0.1, 0.5))
    kill_all_workers(scene, tenant, chance)


def item_refused(scene: Scene, tenant: Tenant, chance: random.Random) -> None:
    operation = chance.choice((*ITEM_CREATES, *ITEM_UPDATES))
    scene.quickbooks.script("fault", code="10000", realm=tenant.realm, operation=operation, times=3)


def item_stale(scene: Scene, tenant: Tenant, chance: random.Random) -> None:
    operation = chance.choice(ITEM_UPDATES)
    scene.quickbooks.script("fault", code="5010", realm=tenant.realm, operation=operation, times=2)


def item_throttled(scene: Scene, tenant: Tenant, chance: random.Random) -> None:
    operation = chance.choice(ITEM_CREATES)
    scene.quickbooks.script("throttle", realm=tenant.realm, operation=operation, times=2)


def forgetful(scene: Scene, tenant: Tenant, chance: random.Random) -> None:
    """QuickBooks does not know request ids again, and answers get lost."""
    scene.quickbooks.settings(requestid_memory_seconds=0)
    scene.quickbooks.script("cut_after", realm=tenant.realm, operation="batch")
    for operation in ("invoice.create", "payment.create"):
        scene.quickbooks.script("cut_after", realm=tenant.realm, operation=operation)


def kill_worker(scene: Scene, tenant: Tenant, chance: random.Random) -> None:
    time.sleep(chance.uniform(0, 0.4))
    scene.kill_worker(chance.choice(scene.workers))


def kill_all_workers(scene: Scene, tenant: Tenant, chance: random.Random) -> None:
    for name in scene.workers:
        scene.kill_worker(name)


def deploy(scene: Scene, tenant: Tenant, chance: random.Random) -> None:
    time.sleep(chance.uniform(0, 0.4))
    for name in scene.workers:
        scene.deploy_worker(name)


def freeze_worker(scene: Scene, tenant: Tenant, chance: random.Random) -> None:
    """A process that stands still for longer than its lease, then goes on as if nothing had been."""
    scene.freeze_worker(chance.choice(scene.workers))
    time.sleep(chance.uniform(0.3, 2.5))
    scene.thaw_workers()


def kill_web(scene: Scene, tenant: Tenant, chance: random.Random) -> None:
    scene.restart_web()


def flush_redis(scene: Scene, tenant: Tenant, chance: random.Random) -> None:
    scene.servers.flush_redis()


def kill_redis(scene: Scene, tenant: Tenant, chance: random.Random) -> None:
    scene.servers.stop_redis()
    time.sleep(chance.uniform(0, 0.8))
    scene.servers.start_redis()


def restart_postgres(scene: Scene, tenant: Tenant, chance: random.Random) -> None:
    scene.servers.restart_postgres(chance.choice(("fast", "immediate")))


def expire_token(scene: Scene, tenant: Tenant, chance: random.Random) -> None:
    scene.quickbooks.tokens("expire_access", tenant.realm)


def rotate_and_expire_token(scene: Scene, tenant: Tenant, chance: random.Random) -> None:
    scene.quickbooks.tokens("rotate", tenant.realm)
    scene.quickbooks.tokens("expire_access", tenant.realm)


def token_trouble(scene: Scene, tenant: Tenant, chance: random.Random) -> None:
    """Intuit's sign-in service has a bad moment just when a token is needed."""
    effect = chance.choice(("html", "status", "fault", "cut_after"))
    code = "invalid_grant" if effect == "fault" else None
    scene.quickbooks.script(effect, operation="token", code=code)
    scene.quickbooks.tokens("expire_access", tenant.realm)


def revoke_grant(scene: Scene, tenant: Tenant, chance: random.Random) -> None:
    scene.quickbooks.tokens("revoke", tenant.realm)


def connect_again(scene: Scene, tenant: Tenant, chance: random.Random) -> None:
    tenant.owner.connect()


def disconnect(scene: Scene, tenant: Tenant, chance: random.Random) -> None:
    tenant.owner.disconnect()
    if chance.random() < 0.5:
        time.sleep(chance.uniform(0, 0.5))
        tenant.owner.connect()


def downgrade(scene: Scene, tenant: Tenant, chance: random.Random) -> None:
    for plan in (Plan.FREE, Plan.PRO):
        with scene.app.app_context():
            change_plan(db.session.get_one(Company, tenant.company_id), plan)
            db.session.commit()
        time.sleep(chance.uniform(0, 0.5))


FAULTS: dict[str, Strike] = {
    "cut_before": _script("cut_before"),
    "cut_after": _script("cut_after"),
    "cut_middle": _script("cut_middle"),
    "status_500": _script("status", status=500),
    "proxy_502": _script("html", status=502),
    "maintenance": _script("maintenance"),
    "throttle": _script("throttle"),
} | {
    strike.__name__: strike
    for strike in (
        slow,
        slow_and_cut,
        item_refused,
        item_stale,
        item_throttled,
        forgetful,
        kill_worker,
        kill_all_workers,
        deploy,
        freeze_worker,
        kill_web,
        flush_redis,
        kill_redis,
        restart_postgres,
        expire_token,
        rotate_and_expire_token,
        token_trouble,
        revoke_grant,
        connect_again,
        disconnect,
        downgrade,
    )
}
