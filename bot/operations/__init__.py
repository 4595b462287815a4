"""Running the bot for real: fetching and handling updates, and looking after the process. Assembly calls it."""
