"""What we need to know of a QuickBooks company before anything is sent to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any

from app.quickbooks.mapping import values
from app.quickbooks.mapping.tracking import PerWhat, Tracking

_DEPOSITED = ("UndepositedFunds", "Checking", "Savings", "MoneyMarket", "CashOnHand")  # the likeliest first


@dataclass(frozen=True)
class Account:
    id: str
    name: str
    subtype: str


@dataclass(frozen=True)
class TaxCode:
    """A sales tax code with the sum of its rates, in percent."""

    id: str
    name: str
    rate: Decimal
    rate_ids: tuple[str, ...]


@dataclass(frozen=True)
class CompanyFacts:
    """Contract section 4.7; what QuickBooks does not answer has the harmless default."""

    name: str = ""
    country: str = "US"
    home_currency: str = "USD"
    multicurrency: bool = False
    uses_sales_tax: bool = False
    automated_sales_tax: bool = False
    tax_is_set_up: bool = True  # False: automated sales tax is switched on, and computes nothing yet
    allow_discount: bool = False
    custom_numbers: bool = False
    auto_apply_credit: bool = False
    auto_apply_payments: bool = False
    book_close_date: date | None = None
    income_accounts: tuple[Account, ...] = ()
    tax_codes: tuple[TaxCode, ...] = ()
    tax_rate_names: dict[str, str] = field(default_factory=dict)  # by id; where tax is counted by place
    terms: dict[str, str] = field(default_factory=dict)  # id by name in small letters
    deposit_accounts: tuple[Account, ...] = ()  # where payments go to and refunds come from
    payment_methods: dict[str, str] = field(default_factory=dict)  # id by name in small letters
    has_payments: bool = False  # customers can pay invoices there, through QuickBooks Payments
    payment_method_names: dict[str, str] = field(default_factory=dict)  # by id, as QuickBooks spells them
    classes_per: PerWhat = PerWhat.NOTHING
    tracks_locations: bool = False
    classes: dict[str, str] = field(default_factory=dict)  # active ones: full name by id
    locations: dict[str, str] = field(default_factory=dict)  # active ones: full name by id
    chosen_tax_codes: dict[str, str] = field(default_factory=dict)  # the Owner's: id by rate (values.number)
    paid_online: bool = False  # the Owner's: customers may pay our invoices there
    chosen_methods: dict[str, str] = field(default_factory=dict)  # the Owner's: id by our payment method
    tracking: Tracking = field(default_factory=Tracking)  # the Owner's: rules for classes and locations

    @property
    def is_us(self) -> bool:
        return self.country in ("US", "USA")

    def income_account(self, account_id: str | None) -> Account | None:
        return next((one for one in self.income_accounts if one.id == account_id), None)

    def default_income_account(self) -> Account | None:
        """Where a service company's sales usually go; discounts are never it."""
        usable = [account for account in self.income_accounts if account.subtype != "DiscountsRefundsGiven"]
        return min(usable, key=_distance_from_usual, default=None)

    def default_deposit_account(self) -> Account | None:
        """Undeposited Funds, where QuickBooks itself would put a payment; else a bank account."""
        usable = [account for account in self.deposit_accounts if account.subtype in _DEPOSITED]
        return min(
            usable, key=lambda account: (_DEPOSITED.index(account.subtype), account.name), default=None
        )

    def tax_codes_of(self, rate: Decimal) -> list[TaxCode]:
        """The sales tax codes of exactly this rate, by name."""
        fitting = (code for code in self.tax_codes if code.rate == rate)
        return sorted(fitting, key=lambda code: code.name.casefold())

    def tax_code_for(self, rate: Decimal) -> TaxCode | None:
        """The one the Owner chose for this rate, else the first by name."""
        fitting = self.tax_codes_of(rate)
        chosen = self.chosen_tax_codes.get(values.number(rate))
        return next((code for code in fitting if code.id == chosen), fitting[0] if fitting else None)

    def as_json(self) -> dict[str, Any]:
        return {
            **asdict(self),
            "book_close_date": self.book_close_date.isoformat() if self.book_close_date else None,
            "tax_codes": [asdict(code) | {"rate": str(code.rate)} for code in self.tax_codes],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> CompanyFacts:
        """What as_json gave, by any version; an empty mapping is a company not read yet."""
        if not stored:
            return cls()
        stored = _known(cls, stored)
        closed = stored["book_close_date"]
        return cls(
            **{
                **stored,
                "book_close_date": date.fromisoformat(closed) if closed else None,
                "classes_per": PerWhat(stored.get("classes_per", "")),
                "tracking": Tracking.from_json(stored.get("tracking")),
                "income_accounts": tuple(
                    Account(**_known(Account, account)) for account in stored["income_accounts"]
                ),
                "deposit_accounts": tuple(
                    Account(**_known(Account, account)) for account in stored.get("deposit_accounts", ())
                ),
                "tax_codes": tuple(
                    TaxCode(code["id"], code["name"], Decimal(code["rate"]), tuple(code["rate_ids"]))
                    for code in stored["tax_codes"]
                ),
            }
        )


def _known(shape: type, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Without what a newer version has stored besides."""
    return {name: stored[name] for name in stored.keys() & {field.name for field in fields(shape)}}


def _distance_from_usual(account: Account) -> tuple[int, str]:
    name = account.name.casefold()
    signs = (
        account.subtype == "ServiceFeeIncome" and "service" in name,
        account.subtype == "ServiceFeeIncome",
        "service" in name,
        name.startswith("sales"),
        account.subtype == "SalesOfProductIncome",
    )
    place = next((number for number, sign in enumerate(signs) if sign), len(signs))
    return place, name
