"""An invoice as a file."""

import io

from flask import Response, send_file

from app.accounts.guards import get_or_404, office_only
from app.invoices import pdf
from app.invoices.models import Invoice
from app.invoices.views import blueprint


@blueprint.get("/<int:invoice_id>.pdf")
@office_only
def as_pdf(invoice_id: int) -> Response:
    invoice = get_or_404(Invoice, invoice_id)
    file, name = io.BytesIO(pdf.render(invoice)), pdf.file_name(invoice)  # a header takes no number as it is
    answer = send_file(file, mimetype="application/pdf", download_name=name, conditional=False, etag=False)
    answer.headers["Cache-Control"] = "no-store"
    return answer
