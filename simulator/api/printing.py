"""What stands on a printed invoice or credit memo."""

from simulator.answer import Answer
from simulator.api import pdf
from simulator.books.company import Company
from simulator.books.kind import Kind
from simulator.books.table import Record
from simulator.faults import fault

PRINTED = {"Invoice": "INVOICE", "CreditMemo": "CREDIT MEMO"}
PDF = "application/pdf"


def printed(company: Company, kind: Kind, record: Record) -> Answer:
    """Raises 500 for a kind that is not printed."""
    if kind.name not in PRINTED:
        raise fault("500", f"Operation pdf is not supported for {kind.name}.")
    return Answer(200, pdf.of_lines(_lines(company, PRINTED[kind.name], record)), PDF)


def _lines(company: Company, title: str, record: Record) -> list[str]:
    head = [company.name, "", f"{title} {record.get('DocNumber', '')}".strip(), f"Date: {record['TxnDate']}"]
    if "DueDate" in record:
        head.append(f"Due: {record['DueDate']}")
    sums = [
        f"Tax: {record['TxnTaxDetail']['TotalTax']:,.2f}",
        f"Total: {record['TotalAmt']:,.2f} {company.currency['value']}",
        f"Balance: {record['Balance']:,.2f}",
    ]
    lines = [line for entry in record["Line"] for line in _line(entry)]
    memo = record.get("CustomerMemo", {}).get("value")
    return [*head, "", *_addressee(record), "", *lines, "", *sums, *(["", memo] if memo else [])]


def _addressee(record: Record) -> list[str]:
    address = record.get("BillAddr", {})
    places = [text for name, text in address.items() if name != "Id"]
    return [f"To: {record.get('CustomerRef', {}).get('name', '')}", *places]


def _line(entry: Record) -> list[str]:
    item = entry.get("SalesItemLineDetail", {}).get("ItemRef", {}).get("name")
    names = {"SubTotalLineDetail": "Subtotal", "DiscountLineDetail": "Discount"}
    text = " - ".join(filter(None, [item or names.get(entry["DetailType"]), entry.get("Description")]))
    return [f"{text}   {entry['Amount']:,.2f}" if "Amount" in entry else text]
