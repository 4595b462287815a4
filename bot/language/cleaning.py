"""Clean-up of typed text before anything looks at it: disguises undone, short spellings written out, apostrophes put
back. Punctuation stays, because the encoder was tuned with it. Called by `Reader` for messages and by
`PhrasingVectors` for what they are compared with, so that both sides look alike.
"""

import re
import unicodedata

VERSION = 3
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
    "bby:baby goin:going gr8:great h8:hate hav:have hlp:help hw:how jus:just knakered:knackered kno:know "
    "l8:late luv:love msg:message nackered:knackered nakerd:knackered nakered:knackered "
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

_THRICE = re.compile(r"([a-z])\1\1")
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_WORD = re.compile(r"\w[\w$]*(?:'[\w$]+)*")
_SPELT_OUT = re.compile(r"(?<!\w)(?:[^\W\d_][.\-*_·]){2,}[^\W\d_](?!\w)|(?<!\w)(?:[^\W\d_] ){3,}[^\W\d_](?!\w)")
_LONE_LETTER = re.compile(r"[.\-*_· ][^\W\d_][.\-*_· ]")
"""Stands in whatever `_SPELT_OUT` finds."""
_DIGIT_INSIDE = re.compile(r"(?<=[a-z])[013457$]+(?=[a-z])")
_LATIN = re.compile(r"[a-z]")
_TYPED = re.compile(r"[ -~]*")
"""Signs of a typewriter: of a text in these alone NFKC changes nothing, and `_visible` only "^"."""
_CHANGED = SHORT_SPELLINGS.keys() | RESTORED.keys()


def clean(text: str) -> str:
    """The text as most likely meant, lower case, single spaces. Takes any string; may be empty."""
    straight = text.translate(_STRAIGHT)
    typed = _TYPED.fullmatch(straight) is not None
    visible = straight.replace("^", " ") if typed else _visible(unicodedata.normalize("NFKC", straight))
    lower = visible.lower()
    # A start cleans tens of thousands of texts, few of which hold anything to change: looking first is cheaper.
    if _LONE_LETTER.search(lower):
        lower = _SPELT_OUT.sub(lambda match: re.sub(r"[\W_]", "", match[0]), lower)
    if not typed or _THRICE.search(lower):
        lower = _REPEATED.sub(r"\1\1", lower)
    if not typed or _DIGIT_INSIDE.search(lower) or not _CHANGED.isdisjoint(_WORD.findall(lower)):
        lower = _WORD.sub(lambda match: _word(match[0]), lower)
    return " ".join(lower.split())


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
