"""The sample base, whole and fresh for each test."""

from pathlib import Path

import pytest

from tests.sample_base import copy_sample


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    return copy_sample(tmp_path)
