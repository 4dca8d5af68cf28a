import logging
from logging.config import fileConfig

from flask import current_app
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from alembic import context
from alembic.util import CommandError
from migrations.online import LOCK_TIMEOUT

# this is the Alembic Config object, which provides
# access to the values within the .ini file in use.
config = context.config

# Interpret the config file for Python logging.
# This line sets up loggers basically.
fileConfig(config.config_file_name, disable_existing_loggers=False)
logger = logging.getLogger("alembic.env")

LOCK_NOT_AVAILABLE = "55P03"
LOCKED = (
    "A table is in use, perhaps by an import, and was not free within {span}. Nothing waits for it any more. "
    "The database is whole, at revision {revision}. Release again: what is done is not repeated."
)


def get_engine():
    try:
        # this works with Flask-SQLAlchemy<3 and Alchemical
        return current_app.extensions["migrate"].db.get_engine()
    except (TypeError, AttributeError):
        # this works with Flask-SQLAlchemy>=3
        return current_app.extensions["migrate"].db.engine


def get_engine_url():
    try:
        return get_engine().url.render_as_string(hide_password=False).replace("%", "%%")
    except AttributeError:
        return str(get_engine().url).replace("%", "%%")


# add your model's MetaData object here
# for 'autogenerate' support
# from myapp import mymodel
# target_metadata = mymodel.Base.metadata
config.set_main_option("sqlalchemy.url", get_engine_url())
target_db = current_app.extensions["migrate"].db

# other values from the config, defined by the needs of env.py,
# can be acquired:
# my_important_option = config.get_main_option("my_important_option")
# ... etc.


def get_metadata():
    if hasattr(target_db, "metadatas"):
        return target_db.metadatas[None]
    return target_db.metadata


def run_migrations_offline():
    """Run migrations in 'offline' mode.

    This configures the context with just a URL
    and not an Engine, though an Engine is acceptable
    here as well.  By skipping the Engine creation
    we don't even need a DBAPI to be available.

    Calls to context.execute() here emit the given string to the
    script output.

    """
    url = config.get_main_option("sqlalchemy.url")
    context.configure(url=url, target_metadata=get_metadata(), literal_binds=True)

    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online():
    """Run migrations in 'online' mode.

    In this scenario we need to create an Engine
    and associate a connection with the context.

    """

    # this callback is used to prevent an auto-migration from being generated
    # when there are no changes to the schema
    # reference: http://alembic.zzzcomputing.com/en/latest/cookbook.html
    def process_revision_directives(context, revision, directives):
        if getattr(config.cmd_opts, "autogenerate", False):
            script = directives[0]
            if script.upgrade_ops.is_empty():
                directives[:] = []
                logger.info("No changes in schema detected.")

    conf_args = current_app.extensions["migrate"].configure_args
    if conf_args.get("process_revision_directives") is None:
        conf_args["process_revision_directives"] = process_revision_directives

    connectable = get_engine()

    # `flask db upgrade -x lock_timeout=60s` waits longer.
    span = context.get_x_argument(as_dictionary=True).get("lock_timeout", LOCK_TIMEOUT)

    with connectable.connect() as connection:
        connection.execute(text("SELECT set_config('lock_timeout', :span, false)"), {"span": span})
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=get_metadata(),
            transaction_per_migration=True,  # what is done stays done when a later one is refused its lock
            lock_timeout=span,
            **conf_args,
        )
        try:
            with context.begin_transaction():
                context.run_migrations()
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
                raise
            revision = context.get_context().get_current_revision()
            raise CommandError(LOCKED.format(span=span, revision=revision)) from None
        finally:
            connection.invalidate()  # it goes to nobody else: this impatience is for migrations alone


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
