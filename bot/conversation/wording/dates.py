"""Dates in words ("9 to 15 June 2025"), with the month names of the language."""

from datetime import date

from bot.conversation.wording.voice import Voice
from bot.knowledge.phrases import Phrase


def day(voice: Voice, on: date) -> str:
    return voice.say(Phrase.DATE_DAY, day=on.day, month=_month(voice, on), year=on.year)


def span(voice: Voice, starts: date, ends: date) -> str:
    """From one day to another; the month and year stand once where they are the same."""
    if starts == ends:
        return day(voice, starts)
    if (starts.year, starts.month) == (ends.year, ends.month):
        first = str(starts.day)
    elif starts.year == ends.year:
        first = f"{starts.day} {_month(voice, starts)}"
    else:
        first = day(voice, starts)
    return voice.say(Phrase.DATE_SPAN, first=first, last=day(voice, ends))


def _month(voice: Voice, on: date) -> str:
    return voice.say(Phrase.DATE_MONTHS).split(", ")[on.month - 1]
