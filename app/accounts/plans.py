"""Moving a company between plans; nothing is billed here."""

from app.accounts.events import plan_changed
from app.accounts.models import Company, Plan
from app.activity.models import ActivityKind
from app.activity.recording import record
from app.extensions import db


def change_plan(company: Company, plan: Plan) -> None:
    """Writes, flushes and announces; the caller commits. Staying where one is announces nothing."""
    if company.plan is plan:
        return
    record(ActivityKind.COMPANY, f"changed the plan from {company.plan.label} to {plan.label}", company.id)
    company.plan = plan
    db.session.flush()
    plan_changed.send(company.id)
