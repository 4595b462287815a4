"""Minds for tests, built once a process: of the knowledge base that ships, and of the small sample beside the tests."""

import tempfile
from functools import cache
from pathlib import Path

from bot.assembly import Library, shipped_knowledge
from bot.conversation.scene import Mind
from tests.sample_base import copy_sample


@cache
def real_mind() -> Mind:
    """For tests of what people meet; they assert where a text leads, so that editors may edit."""
    return Library(shipped_knowledge(), None, "en").mind()


@cache
def sample_mind() -> Mind:
    """For tests that need to know every entry."""
    with tempfile.TemporaryDirectory() as folder:
        return Library(copy_sample(Path(folder)), None, "en").mind()
