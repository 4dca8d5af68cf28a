"""The pages: companies, and what is in their books."""

from flask import Blueprint, render_template

from simulator.world import this_world

pages = Blueprint("pages", __name__)


@pages.get("/")
def companies() -> str:
    return render_template("companies.html", companies=this_world().companies.values())
