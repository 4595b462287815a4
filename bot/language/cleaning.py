"""Clean-up of typed text before anything looks at it: disguises undone, short spellings written out, apostrophes put
back. Punctuation stays, because the encoder was tuned with it. Called by `Reader` for messages and by
`PhrasingVectors` for what they are compared with, so that both sides look alike.
"""

import re
import unicodedata

VERSION = 2
"""Part of the key of every cached vector; raise it whenever `clean` can give another result."""

APOSTROPHES = "'’‘ʼ＇`´′"

_STRAIGHT = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))
_NO_APOSTROPHE = str.maketrans(dict.fromkeys(APOSTROPHES, ""))

_LOOK_ALIKES = str.maketrans(
    "авеёкмнорстухіјѕԁԛԝһүӏαβεικνορτυχγ",
    "abeekmhopctyxijsdqwhylabeikvoptuxy",
)
"""Cyrillic and Greek letters that pass for Latin ones, used only in words that hold Latin letters too."""

_DIGIT_LETTERS = str.maketrans("013457$", "oieasts")

_SHORT = (
    "2day:today 2moro:tomorrow 2morrow:tomorrow 2nite:tonight abt:about b:be b4:before bc:because bcos:because "
    "bcoz:because bcuz:because cos:because coz:because cud:could cuz:because dat:that dnt:don't evry:every frm:from "
    "goin:going gr8:great h8:hate hav:have hlp:help hw:how jus:just kno:know l8:late luv:love msg:message "
    "n:and nite:night nites:nights pls:please plz:please ppl:people r:are rly:really shud:should sum1:someone "
    "teh:the thx:thanks tmrw:tomorrow u:you ur:your wat:what wen:when wiv:with wk:week wks:weeks wot:what wud:would "
    "yr:year yrs:years"
)
SHORT_SPELLINGS = {"gonna": "going to", "wanna": "want to"} | {
    short: meant for short, _, meant in (pair.partition(":") for pair in _SHORT.split())
}
"""Text-message spellings with one likely meaning. "y", "da" and "x" also mean years, dad, a kiss: left alone."""

_WITH_APOSTROPHE = (
    "ain't aren't can't couldn't didn't doesn't don't hadn't hasn't haven't he's how's i'm i've isn't it'll mustn't "
    "needn't she's shouldn't that's there's they'll they're they've wasn't weren't we've what's where's who's won't "
    "wouldn't y'all you'd you'll you're you've"
)
RESTORED = {word.replace("'", ""): word for word in _WITH_APOSTROPHE.split()}
"""Only words that are nothing else without their apostrophe: "ill", "id", "were", "its" and "well" are not here."""

_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_WORD = re.compile(r"\w[\w$]*(?:'[\w$]+)*")
_SPELT_OUT = re.compile(r"(?<!\w)(?:[^\W\d_][.\-*_·]){2,}[^\W\d_](?!\w)|(?<!\w)(?:[^\W\d_] ){3,}[^\W\d_](?!\w)")
_DIGIT_INSIDE = re.compile(r"(?<=[a-z])[013457$]+(?=[a-z])")
_LATIN = re.compile(r"[a-z]")


def clean(text: str) -> str:
    """The text as most likely meant, lower case, single spaces. Takes any string; may be empty."""
    visible = _visible(unicodedata.normalize("NFKC", text.translate(_STRAIGHT)))
    joined = _SPELT_OUT.sub(lambda match: re.sub(r"[\W_]", "", match[0]), visible.lower())
    words = _WORD.sub(lambda match: _word(match[0]), _REPEATED.sub(r"\1\1", joined))
    return " ".join(words.split())


def differs_in_words(one: str, other: str) -> bool:
    """Whether two texts differ by more than case, apostrophes and spacing."""
    return _bare(one) != _bare(other)


def _bare(text: str) -> str:
    return " ".join(text.lower().translate(_NO_APOSTROPHE).split())


def _visible(text: str) -> str:
    """Without invisible characters, pictures and stacked marks; a picture or a control character leaves a space."""
    kept: list[str] = []
    for character in text:
        category = unicodedata.category(character)
        if category == "Cf" or (category in {"Mn", "Me"} and kept and kept[-1].isascii()):
            continue
        kept.append(" " if category in {"Cc", "Co", "Cs", "Cn", "So", "Sk", "Zl", "Zp", "Me"} else character)
    return "".join(kept)


def _word(word: str) -> str:
    if not word.isascii() and _LATIN.search(word):
        word = word.translate(_LOOK_ALIKES)
    if word in SHORT_SPELLINGS:
        return SHORT_SPELLINGS[word]
    word = _DIGIT_INSIDE.sub(lambda match: match[0].translate(_DIGIT_LETTERS), word)
    return RESTORED.get(word, word)
