"""Finds the words in which somebody says who they are, and tells them from words about somebody else. Called by
`Speaker`; rules, because a learned model cannot tell "I'm a midwife" from "my midwife told me" by their words.
"""

import re
from collections.abc import Iterator, Set

from bot.language.cleaning import clean

WORD = re.compile(r"[\w&']+")
LONGEST_OPENING = 10
"""Words of a first clause that may introduce its writer without "I'm"."""


def plain(name: str) -> str:
    """A name as it stands in cleaned text, words alone."""
    return " ".join(WORD.findall(clean(name)))


def words_in(table: str) -> frozenset[str]:
    """The words of a table that is written as running text."""
    return frozenset(table.split())


_SENTENCE = re.compile(r"[.!?;:\n]+")
_CLAUSE = re.compile(
    r"""[,()]+|\s[-–]\s|\s(?=(?:how|what|what's|where|when|why|who|which|can|could|should|would|any|asking|looking|wanting
    |needing|hunting|writing|trying|wondering|(?:is|are)\ (?:there|it|you)|(?:do|have|does)\ (?:you|we|it)
    |(?:and|but|so)\ i)\s)""",
    re.VERBOSE,
)
_GREETING = re.compile(
    r"""^(?:(?:hi+|hello|hey|hiya|dear|good\ (?:morning|evening|afternoon)|ok|well|so|yes|no|and|but|also|sorry|just
    |please|there|all|team|because|since|now|thanks|a\ quick\ one)\s+)+""",
    re.VERBOSE,
)
_FRAME = re.compile(
    r"""^(?:
    (?:i'm|i\ am|im|we're|we\ are|(?:(?:speaking|talking|asking|writing|here)\ )?as(?=\ (?:an?|the|one|some|his|her)\b)
    |asking\ as|speaking\ as|on\ behalf\ of|this\ is|it's|its|me|call\ me|i\ was\ made|i've\ been|been)\b
    |(?:i|we|i've|we've)\ (?:(?:also|just|only|now|currently|have|recently|mostly)\ )*
    (?=(?:work|working|worked|volunteer|help|serve|sit|study|run|own|manage|lead|led|teach|chair|coordinate|head
    |represent|hold|commission|foster|host|supervise|edit|write|lecture|mind|preach|do|look|train|deliver|report|drive
    |see|live|employ|visit|care|organise|present|evaluate|assess|childmind|nanny|advise|speak|have)\b)
    )""",
    re.VERBOSE,
)
"""What a clause about its writer begins with; the role follows."""
_WITHIN = re.compile(
    r"""(?:^|\s)(?:i'm|i\ am|im|as\ an?|as\ the|asking\ as|speaking\ as|(?:i|we)
    \ (?:work|run|manage|teach|chair|lead|own)|i'm\ only)\b""",
    re.VERBOSE,
)
"""The same further on in a clause."""
_HERE = re.compile(r"^(?P<who>(?:\S+ ){1,6}?)here\b")
_DENIED = re.compile(
    r"^(?:\w+ ){0,2}?(?:not|never|no longer|used to|ex|retired from being|going to be|training to be|supposed to be)\b"
)
_SOMEBODY_ELSE = words_in(
    """
    my our his her their your the this that these those some any a every no all is are was it its it's there i
    i'm i've he she they we you do does did can could would will should what how why when where who which if
    please tell give send get ask asked what's who's how's where's when's list policy something anything waiting
    """
)
"""First words of a clause that is no bare "health visitor in Leeds, …"."""
_TELLS = words_in(
    """
    told said says say asked asks came comes was is are were has have had keeps keep kept never did does didn't
    doesn't won't wants wanted thinks thought will would can could should isn't wasn't gave gives showed stopped
    quit left rang promised day days appointment visit visits get gets got reckons reckon always lied cancelled
    took only just shouldn't don't need makes made put think believe care
    """
)
"""A verb after a name: the clause tells of somebody."""


def introductions(text: str, heads: Set[str]) -> Iterator[str]:
    """Segments of a cleaned text that are about its writer, in order. `heads`: nouns that end names of roles."""
    first = True
    for sentence in _SENTENCE.split(text):
        for part in _CLAUSE.split(sentence):
            clause = _GREETING.sub("", f"{part.strip()} ").strip()
            if clause and (said := _said(clause, heads, opening=first)):
                yield said
            first = first and not clause


def _said(clause: str, heads: Set[str], *, opening: bool) -> str | None:
    if frame := _FRAME.match(clause):
        said = clause[frame.end() :].strip()
        return None if not said or _DENIED.match(said) else said
    if here := _HERE.match(clause):
        words = WORD.findall(here["who"])
        return here["who"].strip() if words and words[0] not in _SOMEBODY_ELSE - {"a", "the"} else None
    if within := _WITHIN.search(clause):
        said = clause[within.end() :].strip()
        return None if _DENIED.match(said) else said
    return clause if opening and _is_bare(WORD.findall(clause), heads) else None


def _is_bare(words: list[str], heads: Set[str]) -> bool:
    """Whether an opening clause is a noun phrase with a role's noun in it that nothing is told of."""
    if not words or words[0] in _SOMEBODY_ELSE or len(words) > LONGEST_OPENING:
        return False
    at = next((place for place, word in enumerate(words) if word in heads), None)
    return at is not None and not (_TELLS & set(words[at + 1 :])) and not (_TELLS & set(words[:at]))
