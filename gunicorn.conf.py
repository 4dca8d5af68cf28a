"""What every web process logs; read by gunicorn from the folder it starts in."""

from app.web import access_log

access_log_format = access_log.FORMAT
logger_class = access_log.AccessLog
