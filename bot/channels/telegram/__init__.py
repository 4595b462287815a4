"""Telegram, the only room that imports its library: requests, updates in, messages out. Assembly calls `connect`."""

from bot.channels.telegram.connect import Lane, TelegramBot, connect
from bot.channels.telegram.request import AiohttpRequest, InProcessRequest

__all__ = ["AiohttpRequest", "InProcessRequest", "Lane", "TelegramBot", "connect"]
