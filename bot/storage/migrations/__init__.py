"""The schema's history, run by Alembic. `opening` starts it; a new step is a file in `versions`."""
