"""Errors that speak to their reader. The top of `bot` and every command print `str(error)` and nothing else."""


class BotError(Exception):
    """Something a person can put right; the message is one clear sentence that says how."""


class SettingsError(BotError):
    """A setting is unknown, missing or malformed."""


class KnowledgeError(BotError):
    """The knowledge base is broken; the message lists every problem with file and line."""


class StorageError(BotError):
    """The database cannot be opened, is locked by another process, or has a schema this version does not know."""


class ChannelError(BotError):
    """Telegram (or the server set as `IMH_API_BASE_URL`) refused us in a way that only an operator can mend."""


class Unreachable(BotError):
    """The channel's server cannot be reached just now, or asks us to wait: trying again later is all there is to do."""

    def __init__(self, sentence: str, retry_after_s: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_after_s = retry_after_s
        """Seconds the server asked for; None leaves the pause to whoever tries again."""


class UsageError(BotError):
    """A command was given something that it cannot work with."""
