"""Typing as it is at three in the morning: slips of the keyboard, short spellings, words spelt by ear.

`tuning` puts it on every label alike, so that misspelling itself never speaks for danger or for a topic.
"""

import random
import re

from bot.language.keyboard import BESIDE

BY_EAR = {
    "about": "abowt abt",
    "again": "agen agn",
    "any": "eny ne",
    "are": "r ar",
    "baby": "babby bby babi bab",
    "because": "cos bcos becuz coz becos",
    "before": "b4 befor",
    "being": "bein been",
    "could": "cud culd",
    "crying": "cryin criying",
    "daughter": "dorter daugter",
    "does": "dus duz dose",
    "doing": "doin",
    "don't": "dont dnt",
    "enough": "enuf enof",
    "feel": "feal fel",
    "feeling": "feelin fealing",
    "friend": "freind frend",
    "from": "frm",
    "going": "goin gona",
    "have": "hav av ave",
    "health": "helth",
    "help": "hlp elp",
    "just": "jst jus",
    "keeps": "keps keepz",
    "know": "no kno now",
    "like": "lik lyk",
    "little": "lil littel",
    "more": "mor moar",
    "mum": "mam mom",
    "myself": "myslef miself",
    "night": "nite nyt nigth",
    "nothing": "nuthin nothin",
    "nursery": "nursary nersery",
    "really": "rly realy reely",
    "scared": "scard scaird",
    "school": "skool scool",
    "should": "shud shld",
    "sleep": "slep sleap slp",
    "someone": "sum1 sumone",
    "something": "summat somthing smth",
    "that": "dat tht",
    "the": "teh th da",
    "their": "there thier",
    "there": "their ther",
    "they": "thay dey",
    "thing": "fing thng",
    "think": "fink thnk",
    "thought": "thort thot",
    "though": "tho",
    "tired": "tierd tird tyred",
    "to": "2 too",
    "tonight": "2nite tonite",
    "very": "v verry",
    "was": "woz wos",
    "week": "wk weak",
    "weeks": "wks weaks",
    "what": "wot wat wht",
    "when": "wen whn",
    "where": "were wher",
    "who": "hoo",
    "with": "wiv w wif",
    "without": "wivout witout",
    "work": "wrk werk",
    "worried": "woried worrid",
    "would": "wud wuld",
    "you": "u yu",
    "your": "ur yor",
    "yourself": "urself",
}
"""Ways the editors have met or would expect of spelling a word by ear or in haste, by the word meant."""

SOUNDS: tuple[tuple[str, str], ...] = (
    ("ck", "k"),
    ("ph", "f"),
    ("ight", "ite"),
    ("tion", "shun"),
    ("ough", "uff"),
    ("ea", "ee"),
    ("ie", "ei"),
)
SOUNDS += (("ing", "in"), ("th", "f"), ("er", "a"), ("qu", "kw"), ("ay", "ai"), ("oo", "u"), ("wh", "w"), ("ll", "l"))
_WORD = re.compile(r"[a-z']+")


class Noise:
    """Spoils texts in a way that depends on the seed alone."""

    def __init__(self, seed: int, share: float) -> None:
        """`share`: of texts that are spoilt at all, 0 to 1."""
        self._random = random.Random(seed)  # noqa: S311 - for repeatable noise, not for secrets
        self._share = share

    def __call__(self, text: str) -> str:
        """The text, or a worse typed one; never empty unless the text is."""
        if self._random.random() >= self._share:
            return text
        spoilt = text.lower()
        if self._random.random() < 0.5:
            spoilt = spoilt.replace("'", "").replace("’", "")
        if self._random.random() < 0.4:
            spoilt = re.sub(r"[.,;:!?]+", "", spoilt)
        if self._random.random() < 0.45:
            rate = self._random.choice((0.1, 0.25, 0.5))
            spoilt = _WORD.sub(lambda word: self._by_ear(word[0], rate), spoilt)
        if spoilt and self._random.random() < 0.6:
            spoilt = self._slipped(spoilt)
        return spoilt.strip() or text

    def _by_ear(self, word: str, rate: float) -> str:
        if self._random.random() > rate:
            return word
        if word in BY_EAR:
            return self._random.choice(BY_EAR[word].split())
        if len(word) < 4:
            return word
        sound, heard = self._random.choice(SOUNDS)
        if sound in word:
            return word.replace(sound, heard, 1)
        at = self._random.randrange(1, len(word))
        return word[:at] + word[at + 1 :] if word[at] in "aeiou" else word

    def _slipped(self, text: str) -> str:
        letters = list(text)
        for _ in range(max(1, len(letters) // 40)):
            at, kind = self._random.randrange(len(letters)), self._random.random()
            beside = BESIDE.get(letters[at])
            if kind < 0.35 and beside:
                letters[at] = self._random.choice(beside)
            elif kind < 0.6:
                letters[at] = ""
            elif kind < 0.75:
                letters[at] *= 2
            elif at + 1 < len(letters):
                letters[at], letters[at + 1] = letters[at + 1], letters[at]
        return "".join(letters)
