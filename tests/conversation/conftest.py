"""An installation with the knowledge base that ships, for each test of the room."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.minds import real_mind
from tests.talk import Town, town


@pytest.fixture
async def real_town(tmp_path: Path) -> AsyncIterator[Town]:
    async with town(real_mind, tmp_path) as one:
        yield one
