"""python -m simulator: run a QuickBooks Online of one's own."""

import argparse
import contextlib
import signal
import sys
from pathlib import Path
from types import FrameType

from flask import Flask

from simulator.app import create_app
from simulator.server import Server
from simulator.state.file import StateFile
from simulator.switches import Switches
from simulator.world import RegisteredApp, World


def main() -> None:
    options = _options().parse_args()
    app = RegisteredApp(
        options.client_id,
        options.client_secret,
        tuple(options.redirect_uri),
        options.disconnect_url,
        options.webhook_url,
        options.webhook_token,
    )
    world = World(app, Switches(limits=options.limits, latency_ms=options.latency))
    state = StateFile(world, Path(options.state)) if options.state else None
    if state:
        state.load()
    server = _listening(options.host, options.port, create_app(world, state), options.body_timeout)
    signal.signal(signal.SIGTERM, _leave)
    print(f"QuickBooks simulator on {server.url}", flush=True)
    _serve(server, state)


def _listening(host: str, port: int, app: Flask, body_seconds: float) -> Server:
    try:
        return Server(host, port, app, body_seconds)
    except OSError as problem:
        sys.exit(f"The simulator cannot listen on {host}:{port}: {problem.strerror}")


def _serve(server: Server, state: StateFile | None) -> None:
    """Until somebody stops it; the state is written down last."""
    if state:
        state.start()
    try:
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()
    finally:
        if state:
            state.stop()


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=5050, help="0 picks a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--client-id", required=True)
    parser.add_argument("--client-secret", required=True)
    parser.add_argument(
        "--redirect-uri", required=True, action="append", help="one that Intuit accepts; may be given again"
    )
    parser.add_argument("--disconnect-url", help="where a disconnect inside QuickBooks sends the browser")
    parser.add_argument("--webhook-url", help="where to tell what happens in the books")
    parser.add_argument("--webhook-token", default="", help="the verifier token that signs it")
    parser.add_argument(
        "--limits", action=argparse.BooleanOptionalAction, default=True, help="Intuit's published limits"
    )
    parser.add_argument("--latency", type=float, default=0, metavar="MS", help="added to every call")
    parser.add_argument(
        "--body-timeout",
        type=float,
        default=30,
        metavar="S",
        help="seconds for the body of a request to come",
    )
    parser.add_argument("--state", metavar="FILE", help="keep companies and tokens in this file")
    return parser


def _leave(signal_number: int, frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main()
