"""Mail: an outbox of its own. Any room queues a message in its own transaction; a job sends it over SMTP.

Other rooms call `app.mail.outbox.send_later` and, for the links in a message, `app.web.public_url.public_url`.
"""

from flask import Flask


def register(app: Flask) -> None:
    from app.mail import nudge, panel
    from app.web import slots

    nudge.NUDGES.register()
    slots.fill(app, "company_page", panel.render)
