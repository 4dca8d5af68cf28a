"""An invoice as a PDF: the document alone, on paper of the company's country."""

from app.invoices.pdf.document import file_name, render

__all__ = ["file_name", "render"]
