"""Catch mail and show it: python -m devtools.mail --smtp-port 5025 --port 5080"""

import argparse
import logging

from devtools.mail.catcher import listening
from devtools.mail.pages import create_app


def main() -> None:
    parser = argparse.ArgumentParser(prog="devtools.mail", description=__doc__)
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--port", type=int, required=True, help="of the page")
    arguments = parser.parse_args()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with listening(arguments.smtp_port) as catcher:
        create_app(catcher).run("127.0.0.1", arguments.port, threaded=True)


if __name__ == "__main__":
    main()
