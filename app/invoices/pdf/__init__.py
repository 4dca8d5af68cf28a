"""An invoice as a PDF: the document alone, on paper of the company's country."""

from app.invoices.models import Invoice
from app.invoices.pdf.signs import unprintable

__all__ = ["file_name", "render", "unprintable"]


def file_name(invoice: Invoice) -> str:
    """In any script, and of one line: a file of another product may have brought a number that is not."""
    number = "".join(sign if sign.isprintable() else "-" for sign in invoice.number)
    return f"{number}.pdf"


def render(invoice: Invoice) -> bytes:
    """The whole file."""
    from app.invoices.pdf import document  # late: fpdf takes 31 MB, which a worker never needs

    return document.render(invoice)
