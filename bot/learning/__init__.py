"""Learning: tunes the sentence encoder with its heads on the knowledge base's examples. Never needed to run the bot."""
