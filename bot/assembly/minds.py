"""From a knowledge folder to a mind: what the bot knows, wired together. Built by every command that answers."""

from collections.abc import Callable
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bot.conversation.scene import Mind
from bot.errors import SettingsError
from bot.knowledge.load import load
from bot.knowledge.model import AlarmExample, Knowledge, Words
from bot.language import texts
from bot.language.artefact import FOLDER as ARTEFACT
from bot.language.artefact import open_artefact, record
from bot.language.encoder import Encoder
from bot.language.reading import Reader
from bot.language.spelling import Speller, common_words
from bot.language.vectors import PhrasingVectors, build_vectors
from bot.matching.encoder_matcher import EncoderMatcher
from bot.safety.screening import Screen
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.learning.tuning import Plan
    from bot.review.left_out import LeftOut
    from bot.review.moved import Moved

PACKAGE = Path(__file__).parents[1]


def shipped_knowledge() -> Path:
    """The knowledge base beside the code in a checkout, inside the package in a wheel."""
    inside = PACKAGE / "_knowledge"
    return inside if inside.is_dir() else PACKAGE.parent / "knowledge"


class Library:
    """Builds minds from a knowledge folder. The encoder is loaded once and outlives every reload."""

    def __init__(self, folder: Path, cache: Path | None, language: str, artefact: Path = ARTEFACT) -> None:
        self.folder = folder
        self._artefact = artefact
        self._cache = cache
        self._language = language

    @cached_property
    def _encoder(self) -> Encoder:
        return Encoder(open_artefact(self._artefact))

    @cached_property
    def vectors(self) -> PhrasingVectors:
        return PhrasingVectors(self._encoder, open_artefact(self._artefact), self._cache)

    def ship_vectors(self) -> int:
        """Encode every phrasing of the base into the artefact, so that no start has to. Returns how many there are."""
        phrasings = texts.phrasings(self.knowledge().words[self._language])
        artefact = open_artefact(self._artefact)
        build_vectors(phrasings, artefact.path("vectors.npz"), self._encoder)
        record(artefact.folder, "vectors.npz")
        return len(set(phrasings))

    def learn(self, out: Path | None, plan: "Plan", today: date, report: Callable[[str], None]) -> None:
        """Tune the encoder on the base's examples and write a whole new artefact."""
        from bot.learning.examples import gather
        from bot.learning.learn import learn

        words = self.knowledge().words[self._language]
        learn(gather(words), texts.phrasings(words), out or self._artefact, plan=plan, today=today, report=report)

    def left_out(self) -> "LeftOut":
        """Every phrasing of the base ranked with itself left out; half a minute. Raises as `knowledge` does."""
        from bot.review.left_out import left_out

        return left_out(self.knowledge().words[self._language], self.vectors.of)

    def moved(self, knowledge: Knowledge) -> "Moved | None":
        """A base against the artefact; None where it lacks the language."""
        from bot.learning.examples import gather
        from bot.review.moved import Taught, moved

        if self._language not in knowledge.words:
            return None
        words = knowledge.words[self._language]
        lessons, artefact = gather(words), open_artefact(self._artefact)
        teaches = Taught(len(lessons.learned), lessons.digest)
        return moved(words, artefact, self._encoder.heads.topics, self.vectors, teaches)

    def knowledge(self, folder: Path | None = None) -> Knowledge:
        """The present state of its folder or another. Raises `KnowledgeError`; `SettingsError` without the language."""
        knowledge = load(folder or self.folder)
        if self._language not in knowledge.words:
            known = ", ".join(sorted(knowledge.words))
            raise SettingsError(
                f'IMH_LANGUAGE: the knowledge base has no words in "{self._language}", only in {known}.'
            )
        return knowledge

    def mind(self, folder: Path | None = None) -> Mind:
        """A mind of what `knowledge` gives. Raises as it does."""
        knowledge = self.knowledge(folder)
        words = knowledge.words[self._language]
        matcher = EncoderMatcher(words, knowledge, self._encoder.heads, self.vectors)
        screen = self._screen(knowledge, words)
        ours = [*texts.names_and_questions(knowledge, words), *screen.vocabulary]
        speller = Speller(ours, texts.messages(words), common_words(words.language))
        reader = Reader(self._encoder, speller)
        return Mind(knowledge, words, matcher, screen, matcher.speaker, reader.read)

    def _screen(self, knowledge: Knowledge, words: Words) -> Screen:
        ordinary = [example.text for example in words.examples.topics]
        ordinary += [example.text for example in words.examples.scope]
        examples = [*words.examples.alarms, *(AlarmExample("NONE", "", text) for text in ordinary)]
        vectors = self.vectors.of([example.text for example in examples])
        return Screen(knowledge.alarms, words.cards, examples, vectors, self._encoder.heads, language=words.language)


def library(settings: Settings) -> Library:
    """Raises `SettingsError` when the folder of the knowledge base is none."""
    folder = settings.knowledge or shipped_knowledge()
    if not folder.is_dir():
        raise SettingsError(f"IMH_KNOWLEDGE: {folder} is not a folder, so there is no knowledge base.")
    return Library(folder, settings.cache_dir or Path("data/cache"), settings.language)
