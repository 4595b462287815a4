"""How a language is written here: words to choose, how long a sentence may be, how hard a page. Part of `model`."""

from pydantic import Field

from bot.knowledge.model.basics import Entry, Line


class WordChoice(Entry):
    """Words that are not written here, and what is written in their place."""

    avoid: tuple[Line, ...] = Field(min_length=1)
    """Whole words, whatever their case; a star stands for any ending ("utilis*")."""
    write: Line
    unless: tuple[Line, ...] = ()
    """Phrases in which the word is right, such as a name."""


class Limits(Entry):
    """How hard a text may be. Grades are years of school, see `review.reading`."""

    grade_of_entry: float = Field(default=6, gt=0, le=20)
    """On the average of an entry's pages that parents read."""
    grade_of_page: float = Field(default=8, gt=0, le=20)
    words_of_sentence: int = Field(default=25, ge=5, le=60)
    """In any text, names counted as one."""


class Style(Entry):
    """`knowledge/<language>/style.yaml`."""

    limits: Limits = Limits()
    words: tuple[WordChoice, ...] = ()
    names: tuple[Line, ...] = ()
    """Names that a text cannot avoid, left out of its reading grade."""
