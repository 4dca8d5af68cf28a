"""The product's processes in a hurried world: web() is for gunicorn; main(), or the module run, is the worker."""

import argparse
import logging

from flask import Flask

import worker
from app import create_app
from devtools.chaos.hurry import hurry, set_own_clock
from devtools.chaos.sabotage import BREAKS


def web() -> Flask:
    set_own_clock()
    return hurry(create_app())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--break", dest="broken", choices=BREAKS)
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"
    )
    if broken := parser.parse_args().broken:
        BREAKS[broken]()
    set_own_clock()
    worker.run(hurry(create_app()))


if __name__ == "__main__":
    main()
