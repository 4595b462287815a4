"""Opening the database of an installation, and bringing its schema up to date. `assembly` and commands call it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from bot.errors import StorageError
from bot.storage.database import Database, database_file, parse
from bot.storage.schema import METADATA
from bot.storage.secret import SecretKey
from bot.storage.store import Store

_MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 0x696D68
"""PostgreSQL advisory lock that one migrating replica holds while others wait (the letters "imh")."""


def open_store(url: str, key_file: Path, *, migrate: bool = True) -> Store:
    """Open the database at `url`, made or upgraded as needed, with the secret key in `key_file`, made as needed.

    With `migrate=False` a schema that is not current is refused. Raises StorageError with one sentence when the URL,
    the file, its folder, the server, the schema or the key cannot be used.
    """
    parsed = parse(url)
    _make_folder(database_file(parsed))
    database = Database(parsed)
    try:
        bring_up_to_date(database, migrate=migrate)
        key = SecretKey.at(key_file)
    except BaseException:
        database.close()
        raise
    return Store(database, key)


def bring_up_to_date(database: Database, *, migrate: bool) -> None:
    """Run the migrations that are missing, all or none. Raises StorageError for a schema that is not ours to change."""
    with database.rebuilding() as connection:
        if not database.is_sqlite:
            _take_turns(connection)
        config = migrations(connection)
        script = ScriptDirectory.from_config(config)
        found = set(MigrationContext.configure(connection).get_current_heads())
        _refuse_unknown(connection, found, script, database.place)
        if found == set(script.get_heads()):
            _try_to_write(connection)
        elif migrate:
            command.upgrade(config, "head")
        else:
            raise StorageError(f"The database {database.place} has an older schema: run `imh-bot migrate` first.")


def migrations(connection: Connection | None = None) -> Config:
    """Alembic's configuration, made here so that no file needs to lie beside the project; it runs on `connection`."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def _make_folder(file: Path | None) -> None:
    if file is None:
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"The folder {file.parent} cannot be made: {error.strerror}.") from None


def _take_turns(connection: Connection) -> None:
    # A migration may take longer than a turn is allowed to.
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text("SET LOCAL lock_timeout = 0"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})


def _refuse_unknown(connection: Connection, found: set[str], script: ScriptDirectory, place: str) -> None:
    known = {revision.revision for revision in script.walk_revisions()}
    if unknown := sorted(found - known):
        raise StorageError(
            f"The database {place} has a schema that this version does not know ({', '.join(unknown)}): "
            "install the version of imh-bot that made it, or restore a backup."
        )
    if not found and (foreign := sorted(set(inspect(connection).get_table_names()) & set(METADATA.tables))):
        raise StorageError(
            f"The database {place} belongs to another program (it has a table {foreign[0]!r} and no record of our "
            "schema): use a database of its own."
        )


def _try_to_write(connection: Connection) -> None:
    """A read-only disk shows itself only when something is written."""
    connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
