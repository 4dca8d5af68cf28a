"""The QuickBooks Online integration: customers and invoices flow one way, from here to there."""

from flask import Flask


def register(app: Flask) -> None:
    from app.activity.history import add_source
    from app.config import REDIS_PATIENCE
    from app.quickbooks import cli, listeners, notices
    from app.quickbooks.api.pace import Pace
    from app.quickbooks.outbox import day_counts, nudge
    from app.quickbooks.pages.history import sync_entries
    from app.quickbooks.views import blueprint, customer_panel, invoice_actions, invoice_list, navigation

    app.register_blueprint(blueprint)
    invoice_actions.fill_slots(app)
    customer_panel.fill_slots(app)
    navigation.fill_slots(app)
    invoice_list.register(app)
    add_source(app, sync_entries)
    app.extensions["quickbooks_pace"] = Pace(app.config["REDIS_URL"], **REDIS_PATIENCE)
    cli.register(app)
    listeners.register()
    nudge.NUDGES.register()
    day_counts.register()
    notices.register(app)
