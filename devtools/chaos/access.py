"""What happens to a company's access: tokens, consent, plan."""

import random
import time
from typing import Any

from app.accounts.models import Company, Plan
from app.accounts.plans import change_plan
from app.extensions import db
from devtools.chaos.kinds import Kind, Script, holding, on_write
from devtools.chaos.scene import Scene, Tenant


def _expire(scene: Scene, tenants: list[Tenant], chance: random.Random) -> None:
    for tenant in tenants:
        scene.quickbooks.tokens("expire_access", tenant.realm)


def _rotate_and_expire(scene: Scene, tenants: list[Tenant], chance: random.Random) -> None:
    for tenant in tenants:
        scene.quickbooks.tokens("rotate", tenant.realm)
    _expire(scene, tenants, chance)


def _revoke(scene: Scene, tenants: list[Tenant], chance: random.Random) -> None:
    for tenant in tenants:
        scene.quickbooks.tokens("revoke", tenant.realm)


def _token_trouble(chance: random.Random) -> list[Script]:
    """Intuit's sign-in service has a bad moment just when a token is needed."""
    trouble: dict[str, Any] = chance.choice(
        (
            {"effect": "html"},
            {"effect": "status"},
            {"effect": "cut_after"},
            {"effect": "garbled"},
            {"effect": "fault", "code": "invalid_grant"},
        )
    )
    return [on_write("latency"), {"operation": "token", "label": True, "anywhere": True, **trouble}]


def _connect_again(scene: Scene, tenants: list[Tenant], chance: random.Random) -> None:
    for tenant in tenants:
        tenant.owner.connect()


def _disconnect(scene: Scene, tenants: list[Tenant], chance: random.Random) -> None:
    for tenant in tenants:
        tenant.owner.disconnect()
        if chance.random() < 0.5:
            time.sleep(chance.uniform(0, 0.3))
            tenant.owner.connect()


def _downgrade(scene: Scene, tenants: list[Tenant], chance: random.Random) -> None:
    for plan in (Plan.FREE, Plan.PRO):
        with scene.app.app_context():
            for tenant in tenants:
                change_plan(db.session.get_one(Company, tenant.company_id), plan)
            db.session.commit()
        time.sleep(chance.uniform(0, 0.3))


_SHORT = holding(0.3, 0.8)

ACCESS = (
    Kind("expire_token", lambda chance: [], _expire, refuses=True),
    Kind("rotate_and_expire_token", lambda chance: [], _rotate_and_expire, refuses=True),
    Kind("revoke_grant", lambda chance: [], _revoke, refuses=True),
    Kind("token_trouble", _token_trouble, _expire),
    Kind("connect_again", _SHORT, _connect_again, by_blow=True),
    Kind("disconnect", _SHORT, _disconnect, by_blow=True),
    Kind("downgrade", _SHORT, _downgrade, by_blow=True),
)
