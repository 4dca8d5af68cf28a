"""The chart of accounts (contract section 4.4)."""

from collections.abc import Collection

from simulator.books import plans
from simulator.books.books import Books
from simulator.books.fields import choice, day, flag, label, length_detail, number, reference, text
from simulator.books.listed import Listed
from simulator.books.money import ZERO
from simulator.books.shape import Shape
from simulator.books.shapes import EVERYWHERE, IDENTITY
from simulator.books.table import Record
from simulator.faults import bad_reference, fault

LONGEST_NUMBER = {"AU": 20, "CA": 20}  # elsewhere 7
CLASSIFICATIONS = {
    "Bank": "Asset",
    "Accounts Receivable": "Asset",
    "Other Current Asset": "Asset",
    "Fixed Asset": "Asset",
    "Other Asset": "Asset",
    "Accounts Payable": "Liability",
    "Credit Card": "Liability",
    "Other Current Liability": "Liability",
    "Long Term Liability": "Liability",
    "Equity": "Equity",
    "Income": "Revenue",
    "Other Income": "Revenue",
    "Cost of Goods Sold": "Expense",
    "Expense": "Expense",
    "Other Expense": "Expense",
}
DEFAULT_SUBTYPES = {
    "Bank": "Checking",
    "Accounts Receivable": "AccountsReceivable",
    "Other Current Asset": "OtherCurrentAssets",
    "Income": "SalesOfProductIncome",
    "Expense": "OtherMiscellaneousServiceCost",
    "Cost of Goods Sold": "SuppliesMaterialsCogs",
}
TYPES_BY_SUBTYPE = {
    "Checking": "Bank",
    "Savings": "Bank",
    "UndepositedFunds": "Other Current Asset",
    "SalesOfProductIncome": "Income",
    "ServiceFeeIncome": "Income",
    "OtherPrimaryIncome": "Income",
    "DiscountsRefundsGiven": "Income",
}


class Account(Listed):
    name = "Account"
    shape = Shape(
        "Account",
        {
            **IDENTITY,
            "Name": label(100),
            "AcctNum": text(20),
            "Description": text(100),
            "Active": flag,
            "SubAccount": flag,
            "ParentRef": reference,
            "Classification": choice(*set(CLASSIFICATIONS.values())),
            "AccountType": choice(*CLASSIFICATIONS),
            "AccountSubType": text(100),
            "OpeningBalance": number,
            "OpeningBalanceDate": day,
            "CurrencyRef": reference,
        },
        also_known=f"{EVERYWHERE} FullyQualifiedName CurrentBalance CurrentBalanceWithSubAccounts TaxCodeRef "
        "TxnLocationType AccountAlias BankNum FIName LanguageSubAccount",
    )
    computed = frozenset(
        [
            "Active",
            "AccountType",
            "AccountSubType",
            "CurrentBalance",
            "CurrentBalanceWithSubAccounts",
            "SubAccount",
        ]
    )
    filterable = frozenset(
        ["Name", "AccountType", "AccountSubType", "Classification", "Active", "FullyQualifiedName"]
    )

    def complete(
        self, books: Books, draft: Record, before: Record | None, options: Collection[str]
    ) -> Record:
        if before is None:
            active = sum(account["Active"] for account in books.tables["Account"])
            plans.require_room_for_account(books.rules.plan, active)
        record = self.listed(books, draft, before)
        if '"' in record["Name"]:
            raise fault(
                "2040", f"Invalid String : Name contains invalid characters: {record['Name']}", "Name"
            )
        if len(record.get("AcctNum", "")) > LONGEST_NUMBER.get(books.country, 7):
            raise fault("2050", length_detail(0, 7, len(record["AcctNum"])), "AcctNum")
        kind, subtype = _type(record)
        parent = _parent(books, record)
        return {
            "CurrentBalance": ZERO,
            "CurrentBalanceWithSubAccounts": ZERO,
            **record,
            "SubAccount": parent is not None,
            "FullyQualifiedName": f"{parent['FullyQualifiedName']}:{record['Name']}"
            if parent
            else record["Name"],
            "Classification": CLASSIFICATIONS[kind],
            "AccountType": kind,
            "AccountSubType": subtype,
            "CurrencyRef": books.currency,
        }


def _type(record: Record) -> tuple[str, str]:
    kind, subtype = record.get("AccountType"), record.get("AccountSubType")
    if not kind and not subtype:
        raise fault("6010", "Either an Account.AccountType or an Account.AccountSubType must be specified.")
    if not kind:
        kind = TYPES_BY_SUBTYPE.get(str(subtype))
    if not kind:
        raise fault("2170", f"Invalid Enumeration : {subtype}", "AccountSubType")
    return kind, subtype or DEFAULT_SUBTYPES.get(kind, kind.replace(" ", ""))


def _parent(books: Books, record: Record) -> Record | None:
    if "ParentRef" not in record:
        return None
    parent = books.get("Account", record["ParentRef"]["value"])
    if parent is None:
        raise bad_reference("ParentRef")
    return parent
