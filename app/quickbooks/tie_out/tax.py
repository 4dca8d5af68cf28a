"""Sales tax by place: ours by where the work was done, QuickBooks' by the jurisdictions it counted it for."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import Numeric, cast, func, select

from app.extensions import db
from app.lib.money import ZERO
from app.quickbooks.account import company
from app.quickbooks.mapping.jurisdictions import UNNAMED
from app.quickbooks.models import Connection
from app.quickbooks.tie_out.models import TieOut, TieOutLine


@dataclass
class PlaceTax:
    """The taxed invoices of one state and city that are in both books; `there` is by jurisdiction."""

    state: str
    city: str
    here: Decimal = ZERO
    there: dict[str, Decimal] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return ", ".join(filter(None, (self.city, self.state))) or "No place of work"

    @property
    def difference(self) -> Decimal:
        return self.here - sum(self.there.values(), ZERO)


def by_place(tie_out: TieOut) -> list[PlaceTax]:
    """By state and city. Empty where QuickBooks names no jurisdictions: it does with automated sales tax only. What
    it counts for none is listed too, else a difference would stand where the tax agrees.
    """
    place = (TieOutLine.state_here, TieOutLine.city_here)
    is_there = (TieOutLine.tie_out_id == tie_out.id, TieOutLine.total_there.is_not(None))
    each = func.jsonb_each_text(TieOutLine.taxes_there).table_valued("key", "value")
    by_jurisdiction = (
        select(*place, each.c.key, func.sum(cast(each.c.value, Numeric)))
        .join(each, TieOutLine.id.is_not(None))
        .where(*is_there)
        .group_by(*place, each.c.key)
        .order_by(each.c.key)
    )
    there: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(dict)
    for state, city, jurisdiction, amount in db.session.execute(by_jurisdiction).tuples():
        there[state, city][jurisdiction] = amount
    if all(name == UNNAMED for theirs in there.values() for name in theirs):
        return []
    ours = select(*place, func.sum(TieOutLine.tax_here)).where(*is_there).group_by(*place).order_by(*place)
    found = (
        PlaceTax(state, city, here, there.get((state, city), {}))
        for state, city, here in db.session.execute(ours).tuples()
    )
    return [one for one in found if one.here or one.there]


def untold(tie_out: TieOut) -> Decimal:
    """The tax that QuickBooks counts for places it does not name; of a company with its own tax codes none."""
    if not company.taxes_by_place(db.session.get_one(Connection, tie_out.connection_id)):
        return ZERO
    amount = func.sum(cast(TieOutLine.taxes_there[UNNAMED].astext, Numeric))
    is_there = (TieOutLine.tie_out_id == tie_out.id, TieOutLine.total_there.is_not(None))
    return db.session.scalar(select(amount).where(*is_there)) or ZERO
