"""What templates may call: ids, money, times, and asset addresses."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask_login import current_user

from app.extensions import now
from app.lib import ages, days
from app.lib.money import shown, unit_shown
from app.web import keyset, slots
from app.web.query_links import query_link


def register(app: Flask) -> None:
    slots.register(app)
    app.jinja_env.globals.update(dom_id=dom_id, page_link=keyset.page_link, query_link=query_link)
    app.jinja_env.filters.update(
        money=money,
        money_or_dash=money_or_dash,
        unit_money=unit_money,
        day=day,
        moment=moment,
        ago=ago,
        day_of=day_of,
        plain_number=plain_number,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def dom_id(record: Any, part: str) -> str:
    """`dom_id(invoice, "sync")` is `invoice-12-sync`: the one way ids are made."""
    return f"{type(record).__name__.lower()}-{record.id}-{part}"


def money(amount: Decimal) -> str:
    """With the sign of the company's currency."""
    return shown(amount, _currency_sign())


def money_or_dash(amount: Decimal | None) -> str:
    """A dash where there is no amount."""
    return "\N{EN DASH}" if amount is None else money(amount)


def unit_money(price: Decimal) -> str:
    """With the sign of the company's currency: $12.50, $0.0375."""
    return unit_shown(price, _currency_sign())


def _currency_sign() -> str:
    return current_user.company.currency.symbol if current_user.is_authenticated else "$"


def plain_number(value: Decimal) -> str:
    """12.5000 as 12.5, 100 as 100."""
    return f"{value.normalize():f}"


def day(value: date) -> str:
    return days.shown(value)


def day_of(value: datetime) -> str:
    """The day of a moment where the company is: days are the same for everybody, times are each person's."""
    return day(days.of(value, current_user.company.time_zone))


def ago(value: datetime) -> str:
    """ "3 minutes ago"; app.js keeps it true while the page is open."""
    return f"{ages.shown(now() - value)} ago"


def moment(value: datetime | None) -> str:
    """In the person's time zone: their own, or else the company's."""
    if value is None:
        return "Never"
    zone = ZoneInfo(current_user.shown_time_zone if current_user.is_authenticated else "UTC")
    local = value.astimezone(zone)
    return f"{day(local)}, {local.hour % 12 or 12}:{local:%M %p}"
