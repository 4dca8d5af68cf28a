"""FSM Navigator's back office: customers, invoices and their way to QuickBooks Online."""

import os
from typing import Any

from flask import Flask, request
from redis import Redis
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from app import config, error_pages, extensions, long_lists, security_headers
from app.lib.clock import Clock, SharedClock
from app.lib.secrets_box import SecretsBox
from app.web import request_limits, template_helpers
from app.web.https_only import HttpsOnly
from app.web.masking import shown_path


class Product(Flask):
    def log_exception(self, exc_info: Any) -> None:
        """Without a link's secret, which Flask's own line holds."""
        path = shown_path(request.path)
        self.logger.error("Exception on %s [%s]", path, request.method, exc_info=exc_info)


def create_app(
    settings: dict[str, Any] | None = None, clock: Clock | None = None, migrates: bool = True
) -> Flask:
    """`migrates`: the commands of `flask db` are there. Raises config.ConfigurationError when a required setting is
    missing.
    """
    app = Product(__name__)
    app.config.update(settings or config.from_environment(os.environ))
    app.extensions["redis"] = Redis.from_url(
        app.config["REDIS_URL"], health_check_interval=30, **config.REDIS_PATIENCE
    )
    app.extensions["secrets_box"] = SecretsBox(app.config["TOKEN_ENCRYPTION_KEYS"])
    _bind_extensions(app)
    if migrates:
        _bind_migrations(app)
    app.extensions["clock"] = clock or SharedClock(extensions.database_time(app))
    request_limits.register(app)
    template_helpers.register(app)
    _open_rooms(app)
    error_pages.register(app)
    security_headers.register(app)
    _serve_static_files(app)
    _trust_proxies(app)
    return app


def _bind_extensions(app: Flask) -> None:
    extensions.db.init_app(app)
    long_lists.register()
    extensions.login_manager.init_app(app)
    extensions.csrf.init_app(app)
    extensions.bootstrap.init_app(app)
    extensions.htmx.init_app(app)
    extensions.limiter.init_app(app)


def _bind_migrations(app: Flask) -> None:
    from flask_migrate import Migrate  # late: Alembic takes 11 MB, which a worker never needs

    Migrate(app, extensions.db, compare_type=True)


def _open_rooms(app: Flask) -> None:
    from app import (
        accounts,
        activity,
        cli,
        customers,
        design,
        health,
        help,
        home,
        invoices,
        mail,
        notifications,
        quickbooks,
    )

    for room in (
        mail,
        accounts,
        activity,
        notifications,
        customers,
        invoices,
        quickbooks,
        home,
        help,
        design,
        health,
        cli,
    ):
        room.register(app)


def _serve_static_files(app: Flask) -> None:
    """Our own files and htmx, which a Python package carries, under one prefix."""
    import js_lib_htmx

    static = WhiteNoise(
        app.wsgi_app,
        root=app.static_folder,
        prefix="static/",
        autorefresh=app.debug,
        add_headers_function=security_headers.on_files,
    )
    htmx_folder = os.path.join(os.path.dirname(js_lib_htmx.__file__), "static")
    static.add_files(htmx_folder, prefix="static/vendor/")
    app.wsgi_app = static  # type: ignore[method-assign]


def _trust_proxies(app: Flask) -> None:
    """As many as are in front, for the address and the scheme. Not for the host: Heroku's router passes on whatever
    `X-Forwarded-Host` a client made up. Behind them alone it is known what came over plain http.
    """
    hops = app.config["PROXY_HOPS"]
    if not hops:
        return
    inner = app.wsgi_app
    if app.config["SESSION_COOKIE_SECURE"]:
        inner = HttpsOnly(inner, app.config["PUBLIC_URL"])
    app.wsgi_app = ProxyFix(inner, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
