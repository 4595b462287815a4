"""Finds the words in which somebody says who they are, and tells them from words about somebody else. Called by
`Speaker`; rules, because a learned model cannot tell "I'm a midwife" from "my midwife told me" by their words.
"""

import re
from collections.abc import Iterator, Set

from bot.language.cleaning import clean

WORD = re.compile(r"[\w&']+")
LONGEST_OPENING = 10
"""Words of a first clause that may introduce its writer without "I'm"."""
SHORT_OPENING = 5
"""The same where it begins with an article: "just a member of the public"."""


def plain(name: str) -> str:
    """A name as it stands in cleaned text, words alone."""
    return " ".join(WORD.findall(clean(name)))


def words_in(table: str) -> frozenset[str]:
    """The words of a table that is written as running text."""
    return frozenset(table.split())


_STOPS = ".!?;:\n"
_SENTENCES = re.compile(rf"[^{_STOPS}]+[{_STOPS}]*")
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
    |from(?=\ an?\b)|asking\ as|speaking\ as|on\ behalf\ of|this\ is|it's|its|me|call\ me|i\ was\ made
    |(?:i've|we've)\ been|been(?=\ (?:an?|in|working|teaching|delivering|fostering)\b))\b
    |(?:i|we|i've|we've)\ (?:(?:also|just|only|now|currently|have|recently|mostly)\ )*
    (?=(?:work|working|worked|volunteer|help|serve|sit|study|run|own|manage|lead|led|teach|chair|coordinate|head
    |represent|hold|commission|foster|host|supervise|edit|write|lecture|mind|preach|do|look|train|deliver|report|drive
    |see|live(?=\ (?:next|across|opposite|above|below|in\ the))
    |employ|visit|care|organise|present|evaluate|assess|childmind|nanny|advise|speak|have)\b)
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
_HERE = re.compile(
    r"^(?P<who>(?:\S+ ){1,6}?)here\b(?! (?:says?|said|told|tells|is|was|are|do|does|don't|doesn't|won't)\b)"
)
_DENIED = re.compile(
    r"^(?:\w+ ){0,2}?(?:not|never|no longer|used to|ex|retired from being|going to be|training to be|supposed to be"
    r"|write from)\b"
)
_VISITS = re.compile(
    r"""^(?:(?:just|only|still|now|currently|here|home|sat|stood|stuck|in|away)\s)*
    (?:at\ (?:the|my|our)|back\ (?:from|at|to|with)|(?:off|away|over|down|up)\ to|on\ (?:the|my|our)\ way
    |with\ (?:the|my|our)|from\ (?:the|my|our)|due|booked|under|outside|between|home\ from|out\ of)\b""",
    re.VERBOSE,
)
"""After "I'm": where somebody is or goes, which may be at a midwife's and does not make them one."""
_SOMEBODY_ELSE = words_in(
    """
    my our his her their your the this that these those some any a every no all is are was it its it's there i
    i'm i've he she they we you do does did can could would will should what how why when where who which if
    please tell give send get ask asked what's who's how's where's when's list something anything waiting
    """
)
"""First words of a clause that is no bare "health visitor in Leeds, …"."""
_NO_NOUN = words_in(
    """
    to at on for with from by about near after before than like feel feels feeling stuck still back down off out
    over up need needs needed read reading seen saw see got get going go said says told is are was were be been not
    no of in or but so if when because since until any who what racist rude useless awful someone
    """
)
"""Words that show that what stands before a role's noun is no part of its name."""
_AFTER_NOUN = words_in(
    """
    in at for of on with and to from by who here but so based turned query question q needs wants student trainee
    apprentice again xx pls
    """
)
"""Words that may follow a role's noun when it stands for the writer."""
_THINGS = words_in("wellbeing training meeting feeding visiting parenting clothing thing nothing something")
"""Nouns in "-ing": "staff wellbeing" is no staff."""
_TELLS = words_in(
    """
    told said says say asked asks came comes was is are were has have had keeps keep kept never did does didn't
    doesn't won't wants wanted thinks thought will would can could should isn't wasn't gave gives showed stopped
    quit left rang promised day days appointment visit visits get gets got reckons reckon always lied cancelled
    took only shouldn't don't need makes made put think believe care want
    """
)
"""A verb in the clause: it tells of somebody."""


def framed(name: str) -> str:
    """A name as it stands in a segment: "I teach two year olds" is said there without its "I"."""
    said = _FRAME.sub("", name, count=1).strip()
    return said or name


def introductions(text: str, heads: Set[str], names: Set[str] = frozenset()) -> Iterator[str]:
    """Segments of a cleaned text that are about its writer, in order.

    `heads`: nouns for people that end names of roles; `names`: the names themselves, such as make a whole message.
    """
    whole = " ".join(WORD.findall(_GREETING.sub("", f"{text} ")))
    if whole in names:
        yield whole
        return
    first = True
    for sentence in _SENTENCES.findall(text):
        clauses = _CLAUSE.split(sentence.rstrip(_STOPS))
        asks = sentence.endswith("?") and len(clauses) == 1
        for part in clauses:
            clause = _GREETING.sub("", f"{part.strip()} ").strip()
            if clause and (said := _said(clause, heads, opening=first and not asks)):
                yield said
            first = first and not clause


def _said(clause: str, heads: Set[str], *, opening: bool) -> str | None:
    if frame := _FRAME.match(clause):
        said = clause[frame.end() :].strip()
        return None if not said or _DENIED.match(said) or _VISITS.match(said) else said
    if here := _HERE.match(clause):
        words = WORD.findall(here["who"])
        return here["who"].strip() if words and words[0] not in _SOMEBODY_ELSE - {"a", "the"} else None
    if within := _WITHIN.search(clause):
        said = clause[within.end() :].strip()
        return None if _DENIED.match(said) or _VISITS.match(said) else said
    return clause if opening and _is_bare(WORD.findall(clause), heads) else None


def _is_bare(words: list[str], heads: Set[str]) -> bool:
    """Whether an opening clause is a noun phrase with a role's noun in it that nothing is told of."""
    if words and words[0] in {"a", "an"} and len(words) <= SHORT_OPENING:
        words = words[1:]
    if not words or words[0] in _SOMEBODY_ELSE or len(words) > LONGEST_OPENING:
        return False
    for place, word in enumerate(words):
        after = words[place + 1] if place + 1 < len(words) else "here"
        if word in heads and (after in _AFTER_NOUN or (after.endswith("ing") and after not in _THINGS)):
            return _TELLS.isdisjoint(words)
        if word in _NO_NOUN:
            return False
    return False
