"""The page that shows what was caught."""

from flask import Flask, Response, abort, render_template

from devtools.mail.catcher import Catcher, Letter


def create_app(catcher: Catcher) -> Flask:
    app = Flask(__name__)

    def found(number: int) -> Letter:
        return next((each for each in catcher.letters if each.number == number), None) or abort(404)

    @app.get("/")
    def index() -> str:
        return render_template("index.html", letters=reversed(catcher.letters))

    @app.get("/<int:number>")
    def show(number: int) -> str:
        return render_template("show.html", letter=found(number))

    @app.get("/<int:number>/html")
    def html(number: int) -> Response:
        """Shown in a frame; nothing in it may run or load."""
        policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups"
        return Response(found(number).html, headers={"Content-Security-Policy": policy})

    @app.get("/<int:number>/source")
    def source(number: int) -> Response:
        return Response(found(number).source, mimetype="text/plain")

    @app.get("/<int:number>/attachments/<int:place>")
    def attachment(number: int, place: int) -> Response:
        attachments = found(number).attachments
        if place >= len(attachments):
            abort(404)
        return Response(attachments[place][1], mimetype="application/pdf")

    return app
