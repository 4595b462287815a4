"""The vetted knowledge base: its frozen model, the strict loader, and the checks across files."""
