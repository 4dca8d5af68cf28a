"""An invoice as a file."""

from flask import Response

from app.accounts.guards import get_or_404, office_only
from app.invoices import pdf
from app.invoices.models import Invoice
from app.invoices.views import blueprint


@blueprint.get("/<int:invoice_id>.pdf")
@office_only
def as_pdf(invoice_id: int) -> Response:
    invoice = get_or_404(Invoice, invoice_id)
    headers = {
        "Content-Disposition": f"inline; filename={pdf.file_name(invoice)}",
        "Cache-Control": "no-store",
    }
    return Response(pdf.render(invoice), mimetype="application/pdf", headers=headers)
