"""The migrations and the tables of `schema` must say the same, on both databases."""

from collections.abc import Iterator

import pytest
from alembic.config import Config
from pytest_alembic.tests import (
    test_model_definitions_match_ddl,
    test_single_head_revision,
    test_up_down_consistency,
    test_upgrade,
)
from sqlalchemy import Connection

from bot.storage.database import Database, database_file, parse
from bot.storage.opening import _make_folder, migrations

__all__ = [
    "test_model_definitions_match_ddl",
    "test_single_head_revision",
    "test_up_down_consistency",
    "test_upgrade",
]


@pytest.fixture
def alembic_config() -> Config:
    return migrations()


@pytest.fixture
def alembic_engine(database_url: str) -> Iterator[Connection]:
    url = parse(database_url)
    _make_folder(database_file(url))
    database = Database(url)
    with database.rebuilding() as connection:
        yield connection
    database.close()
