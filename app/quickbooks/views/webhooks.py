"""Where Intuit tells what changed in QuickBooks (contract section 6). Anybody can reach it; only what Intuit signed
is read.
"""

from flask import abort, current_app, request

from app.accounts.guards import public
from app.extensions import csrf, limiter
from app.quickbooks.checks import webhooks
from app.quickbooks.views import blueprint
from app.web.request_limits import takes_json

LARGEST = 512 * 1024


@blueprint.post("/integrations/quickbooks/webhooks")
@takes_json
@public
@csrf.exempt
@limiter.limit("300 per minute", deduct_when=lambda answer: answer.status_code != 200)  # never Intuit's own
def receive() -> str:
    """Answers within Intuit's three seconds: it only notes who has to be looked at. Not there without a token."""
    token = current_app.config["QUICKBOOKS_WEBHOOK_TOKEN"]
    if not token:
        abort(404)
    if request.content_length is None or request.content_length > LARGEST:
        abort(413)
    body = request.get_data(cache=False)
    if not webhooks.is_genuine(body, request.headers.get("intuit-signature", ""), token):
        abort(401)
    webhooks.take(body)
    return ""
