"""The list of topics, and one of them."""

from flask import Blueprint, abort, render_template

from app.accounts.guards import signed_in
from app.help.topics import all_topics

blueprint = Blueprint("help", __name__, url_prefix="/help")


@blueprint.get("")
@signed_in
def index() -> str:
    return render_template("help/index.html", topics=all_topics().values())


@blueprint.get("/<slug>")
@signed_in
def topic(slug: str) -> str:
    return render_template(
        "help/topic.html", topic=all_topics().get(slug) or abort(404), topics=all_topics().values()
    )
