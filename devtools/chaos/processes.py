"""What happens to our own programs and servers, always while writes are on the wire."""

import random
import time
from collections.abc import Callable

from devtools.chaos.kinds import Kind, Strike, holding
from devtools.chaos.scene import Scene, Tenant

Blow = Callable[[Scene, random.Random], None]


def _kill_worker(scene: Scene, tenants: list[Tenant], chance: random.Random) -> None:
    """The one that holds a company's lane."""
    scene.kill_worker(scene.sender(tenants) or chance.choice(scene.workers))


def _kill_all_workers(scene: Scene, chance: random.Random) -> None:
    for name in scene.workers:
        scene.kill_worker(name)


def _deploy(scene: Scene, chance: random.Random) -> None:
    for name in scene.workers:
        scene.deploy_worker(name)


def _freeze_worker(scene: Scene, tenants: list[Tenant], chance: random.Random) -> None:
    """It stands still for longer than its lease, then goes on as if nothing had been."""
    scene.freeze_worker(scene.sender(tenants) or chance.choice(scene.workers))
    time.sleep(chance.uniform(0.3, 2.0))
    scene.thaw_workers()


def _kill_web(scene: Scene, chance: random.Random) -> None:
    scene.restart_web()


def _flush_redis(scene: Scene, chance: random.Random) -> None:
    scene.servers.flush_redis()


def _kill_redis(scene: Scene, chance: random.Random) -> None:
    scene.servers.stop_redis()
    time.sleep(chance.uniform(0, 0.6))
    scene.servers.start_redis()


def _restart_postgres(scene: Scene, chance: random.Random) -> None:
    scene.servers.restart_postgres(chance.choice(("fast", "immediate")))


def _clocks_apart(scene: Scene, chance: random.Random) -> None:
    """The web's machine and a worker's go apart, by as much as 90 seconds each as the hurried world counts."""
    scene.set_own_clock(chance.uniform(-4.5, 4.5))
    scene.restart_web()
    scene.set_own_clock(chance.uniform(-4.5, 4.5))
    scene.kill_worker(chance.choice(scene.workers))


def _everywhere(blow: Blow) -> Strike:
    return lambda scene, tenants, chance: blow(scene, chance)


# A write that arrives when the next lane is at work already, and within the 120 s that QuickBooks has for it.
_OUTLIVES_ITS_SENDER = holding(2.5, 4.5)
_ANY = holding(0.5, 4.0)

PROCESSES = (
    Kind("kill_worker", _OUTLIVES_ITS_SENDER, _kill_worker, by_blow=True),
    Kind("freeze_worker", holding(0.5, 1.5), _freeze_worker, by_blow=True),
    *(
        Kind(blow.__name__.lstrip("_"), hold, _everywhere(blow), everywhere=True, by_blow=True)
        for blow, hold in (
            (_kill_all_workers, _OUTLIVES_ITS_SENDER),
            (_deploy, _ANY),
            (_kill_web, _ANY),
            (_flush_redis, _ANY),
            (_kill_redis, _ANY),
            (_restart_postgres, _ANY),
            (_clocks_apart, _ANY),
        )
    ),
)
