"""Checks of the knowledge base that need matching or wording: what `check` and `evaluate` show beyond the schema."""
