"""The real knowledge base, built once for the room; each test has an installation of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.conversation.scene import Mind
from tests.talk import Town, town


@pytest.fixture
async def real_town(real_mind: Mind, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(lambda: real_mind, tmp_path) as one:
        yield one
