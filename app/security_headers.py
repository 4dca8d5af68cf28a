"""Headers on every answer: no inline script or style, no framing, no caching of a company's data."""

from wsgiref.headers import Headers

from flask import Flask, Response, request

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",  # Bootstrap's icons in its own stylesheet are data addresses
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    )
)


PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid", "magnetometer"),
        *("microphone", "midi", "payment", "publickey-credentials-get", "screen-wake-lock", "serial", "usb"),
    )
)
TWO_YEARS = 2 * 365 * 24 * 3600

# The connect window comes back from Intuit: cut off from the page that opened it, it could not close itself.
CONNECT_WINDOW = ("quickbooks.callback", "quickbooks.connected", "quickbooks.not_connected")


def register(app: Flask) -> None:
    app.after_request(_add)


def on_files(headers: Headers, _path: str, _url: str) -> None:
    """Of files that leave without a view."""
    headers["X-Content-Type-Options"] = "nosniff"


def _add(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = PERMISSIONS
    opener = "unsafe-none" if request.endpoint in CONNECT_WINDOW else "same-origin-allow-popups"
    response.headers["Cross-Origin-Opener-Policy"] = opener
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = f"max-age={TWO_YEARS}; includeSubDomains"
    if response.mimetype == "text/html":
        response.headers["Cache-Control"] = "no-cache, no-store"
    return response
