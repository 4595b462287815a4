"""A desk over a real SQLite database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.storage import open_store
from tests.delivery.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = open_store(f"sqlite:///{tmp_path}/imh.db", tmp_path / "key")
    yield Desk(store, store.ledger("telegram"))
    store.close()
