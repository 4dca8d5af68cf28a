"""What a bookkeeper or Intuit decides about a company, and what the contract leaves open."""

from dataclasses import dataclass, fields

from simulator.books.plans import PLANS
from simulator.checks import Check, choice, day, flag, optional, text, whole

VOID_SEPARATORS = (" - ", "\n", " ", ": ")


@dataclass
class Rules:
    """Where the contract leaves a choice, the default is the stricter reading."""

    suspended: bool = False  # 6190 on every write
    plan: str = "Plus"
    book_close_date: str | None = None
    warn_duplicate_numbers: bool = True  # cannot be read by API (contract section 4.2)
    numbers_shared: bool = True  # a number clashes across invoices, credit memos and refunds
    inactive_customers_keep_names: bool = True  # else " (deleted)" is appended, as for items
    refuse_inactivating_debtors: bool = True  # 6220; in QuickBooks itself a credit memo balances them
    batch_voids: bool = False  # an item of a batch may have the operation void, by Intuit's XSD (section 2.8)
    refuse_paying_for_others: bool = True  # 620; else the payment stays unapplied (contract section 4.5)
    payment_updates_need_lines: bool = True  # an update without Line takes a payment off its invoices
    longest_display_name: int = 100  # documented as 500; connectors meet less (contract, open point 3)
    longest_phone: int = 21  # by the schema; the reference page says 20 and 30 (contract section 4.1)
    latin1_only: bool = False  # refuse text outside ISO-8859-1 (contract section 2.1)
    duplicate_name_tells_id: bool = False  # 6240 says "Id=…" at times; recorded without
    honour_tax_abroad: bool = True  # a sent tax total counts outside the US; else it is computed anew (2.5)
    balance_inactive_debtors: bool = True  # the bookkeeper's way: a credit memo pays what they owe (4.1)
    name_tax_rates: bool = False  # automated tax writes the jurisdiction beside TaxRateRef.value
    void_separator: str = " - "  # between "Voided" and the note; nobody has confirmed any (section 4.2)
    void_answers_shout: bool = (
        False  # SALES_ITEM_LINE_DETAIL, NOT_SET: documented, not recorded (section 2.2)
    )
    editor: str = "The Bookkeeper"  # whom a stale write names


CHECKS: dict[str, Check] = {
    **dict.fromkeys((field.name for field in fields(Rules) if isinstance(field.default, bool)), flag),
    "plan": choice(*PLANS),
    "book_close_date": optional(day),
    "longest_display_name": whole(1, 500),
    "void_separator": choice(*VOID_SEPARATORS),
    "longest_phone": whole(1, 30),
    "editor": text,
}
