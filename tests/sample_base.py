"""The sample knowledge base as a folder of its own, for tests that must not break when editors edit."""

import shutil
from pathlib import Path

TESTS = Path(__file__).parent
KNOWLEDGE = TESTS.parent / "knowledge"
FIXED_BY_CODE = ("phrasebook.yaml", "follow-ups.yaml", "capabilities.yaml")
"""Files whose entries the code names one by one: they are the real ones, so that they stand in one place only."""


def copy_sample(into: Path) -> Path:
    """Copy the sample base to `into`/knowledge, complete and ready to be loaded, and return that folder."""
    root = into / "knowledge"
    shutil.copytree(TESTS / "sample", root)
    for name in FIXED_BY_CODE:
        shutil.copy(KNOWLEDGE / "en" / name, root / "en" / name)
    return root
