"""The web process: `gunicorn wsgi:app`."""

from app import create_app
from app.lib.garbage import leave_the_code_out
from app.web import logs

logs.begin()
app = create_app()
leave_the_code_out()
