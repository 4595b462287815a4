"""Tests, mirroring `bot/` and `knowledge/`. `python3 -m tests` runs them all."""
