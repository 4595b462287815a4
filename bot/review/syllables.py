"""Counts the syllables of English words by their spelling. Called by `reading`; pure.

Each run of vowels counts as one; then silent ones are taken away and vowels that are spoken one after the other are
added. What spelling cannot tell stands in `BY_HEART`. Rules and list are our own. Where a word is still one out, a
page's grade moves by about a tenth.
"""

import re
from functools import cache

LANGUAGE = "en"
"""The language whose spelling this is."""

_VOWELS = re.compile(r"[aeiouy]+")
_NOT_LETTERS = re.compile(r"[^a-z]")

_SILENT = (
    re.compile(r"[^aeiouy]e$"),
    re.compile(r"[^aeiouytd]ed$"),
    re.compile(r"[^aeiouyscxzgh]es$"),
    re.compile(r"(?<![sc])hes$"),
    re.compile(r"[aeiouy][^aeiouy]{1,2}e(?=(?:ly|ment|ments|ful|fully|less|ness|some|thing|where|times?|body|one)$)"),
)
"""Spellings that hold a vowel nobody speaks."""

_SPOKEN = (
    re.compile(r"[^aeiouylr]l(?:e|es|ed)$"),
    re.compile(r"[aeiouy]ing"),
    re.compile(r"i(?:et|um|us|or)(?![a-z]*ng)"),
    re.compile(r"[bdlmnprv]ia|[bdlmprv]io|ie(?:r|rs|st)$|erien"),
    re.compile(r"[^qg]u(?:al|at|ou|ity)"),
    re.compile(r"[^aeiouy]sm$"),
)
"""Spellings that hold one syllable more than runs of vowels; "little", "being", "quiet", "material", "actual"."""

BY_HEART = {
    word: count
    for count, words in {
        1: "eased seas whole tier tiers pier piers",
        2: "being business businesses cafe cafes chaos colleague colleagues couldn't create crooked diet didn't "
        "different doesn't doing evening evenings every family fluid going hadn't hasn't isn't lion naked notebook "
        "people poem quiet really rhythm ruin safeguard science sentence seeing several shouldn't someone something "
        "sometimes somewhere trial union unions wasn't wicked wouldn't",
        3: "anyone area areas beforehand casual created creates everybody everyday everyone everything everywhere "
        "favourite idea ideas families interest interested media period radio reaction realise safeguarding somebody "
        "usual usually video videos",
        4: "realities reality",
    }.items()
    for word in words.split()
}


@cache
def syllables(word: str) -> int:
    """How many syllables a word has, 1 at least. A hyphen parts it in two; case does not matter."""
    if "-" in word:
        return max(1, sum(syllables(part) for part in word.split("-") if part))
    lower = word.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    if lower in BY_HEART:
        return BY_HEART[lower]
    letters = _NOT_LETTERS.sub("", lower.removesuffix("'s"))
    if letters in BY_HEART:
        return BY_HEART[letters]
    counted = len(_VOWELS.findall(letters))
    counted -= sum(len(each.findall(letters)) for each in _SILENT)
    counted += sum(len(each.findall(letters)) for each in _SPOKEN)
    return max(1, counted)
