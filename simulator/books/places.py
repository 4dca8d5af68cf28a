"""Where a transaction is taxed when Intuit computes the tax (contract section 4.2, Tax)."""

from simulator.books.books import Books
from simulator.books.table import Record


def tax_code_of(books: Books, transaction: Record) -> Record | None:
    """The code of its destination: ShipAddr, else the company's own address. BillAddr never counts.

    An address that the engine cannot place counts as none.
    """
    destinations = (transaction.get("ShipAddr"), books.info["CompanyAddr"])
    found = (_code(books, address) for address in destinations if address)
    return next((code for code in found if code), None)


def _code(books: Books, address: Record) -> Record | None:
    """The city's, or where the city has no rates of its own the state's."""
    state, city = address.get("CountrySubDivisionCode", "").strip(), address.get("City", "").strip()
    codes = books.tables["TaxCode"]
    found = codes.having("Description", f"{state}, {city}") or codes.having("Description", state)
    return found[0] if found else None
