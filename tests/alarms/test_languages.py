"""Danger said in other languages, found by rules alone."""

from collections.abc import Iterator, Mapping
from typing import cast

import numpy as np
import pytest

from bot.knowledge.model import AlarmWords
from bot.knowledge.yaml_reader import read
from bot.language.encoder import ALARM_LABELS, DIMENSIONS, Heads
from bot.safety.rules import RuleBook
from bot.safety.screening import Alarm, Screen
from tests.sample_base import KNOWLEDGE, TESTS

Messages = Mapping[str, Mapping[str, Mapping[str, list[str]]]]
MESSAGES = cast(Messages, read((TESTS / "alarms" / "languages.yaml").read_bytes()).value)
LANGUAGES = tuple(MESSAGES)
