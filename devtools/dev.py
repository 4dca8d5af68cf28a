"""Development: servers, migrations, the demo company, then all programs side by side. See bin/dev."""

import argparse
import os
import socket
import sys
from contextlib import ExitStack
from pathlib import Path

from flask_migrate import upgrade
from honcho.manager import Manager

from app import create_app
from app.demo import company
from devtools.environment import MAIL_PAGE_PORT, SIMULATOR_PORT, SMTP_PORT, WEB_PORT, development_settings
from devtools.servers import free_port, postgres, redis_server

ROOT = Path(__file__).parent.parent
KEPT = ROOT / ".dev"


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/dev", description=__doc__)
    parser.add_argument("--port", type=int, default=WEB_PORT, help="of the web pages")
    web_port = _port_or_free(parser.parse_args().port)
    simulator_port = _port_or_free(SIMULATOR_PORT)
    smtp_port, mail_port = _port_or_free(SMTP_PORT), _port_or_free(MAIL_PAGE_PORT)
    with ExitStack() as resources:
        settings = development_settings(
            os.environ.get("DATABASE_URL") or resources.enter_context(postgres(KEPT / "postgres")),
            os.environ.get("REDIS_URL") or resources.enter_context(redis_server(KEPT / "redis")),
            web_port,
            simulator_port,
            smtp_port,
        )
        os.environ.update(settings)
        _prepare()
        _welcome(web_port, simulator_port, mail_port)
        resources.callback(_say, "Stopped.")
        ports = {"WEB": web_port, "SIMULATOR": simulator_port, "SMTP": smtp_port, "MAIL": mail_port}
        sys.exit(_run({f"{name}_PORT": str(port) for name, port in ports.items()}))


def _prepare() -> None:
    with create_app().app_context():
        upgrade(directory=str(ROOT / "migrations"))
        company.build()


def _run(ports: dict[str, str]) -> int:
    """Everything in Procfile.dev, until Ctrl-C or until one of them ends."""
    manager = Manager()
    for line in (ROOT / "Procfile.dev").read_text().splitlines():
        name, command = line.split(":", 1)
        manager.add_process(name, command.strip(), env={**os.environ, **ports}, cwd=str(ROOT))
    manager.loop()
    return manager.returncode or 0


def _welcome(web_port: int, simulator_port: int, mail_port: int) -> None:
    owner, dispatcher, technician, bookkeeper = (email for email, _, _ in company.PEOPLE)
    _say(
        f"""
  FSM Navigator   http://localhost:{web_port}
  QuickBooks      http://localhost:{simulator_port}   (a stand-in: any e-mail and password sign in)
  Mail            http://localhost:{mail_port}   (what the product sent; nothing leaves this machine)

  Sign in with the password “{company.PASSWORD}” as
    {owner:<26} Owner of Harbor Heating & Air, Pro
    {dispatcher:<26} Dispatcher
    {bookkeeper:<26} Bookkeeper
    {technician:<26} Technician
    {company.FREE_OWNER:<26} Owner of Summit Plumbing, Free

  Ctrl-C stops everything.
"""
    )


def _port_or_free(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            other = free_port()
            _say(f"Port {port} is taken; using {other}.")
            return other
    return port


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
