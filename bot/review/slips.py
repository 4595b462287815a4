"""Slips of the keyboard put into messages, to measure what misspelling costs. Called by the figures of `evaluate`.

Four slips, equally likely: a letter hit on the key beside it, left out, accompanied by the key beside it, or swapped
with the next one. The same message has the same slips on every machine.
"""

from random import Random

from bot.language.keyboard import BESIDE

SEED = 7


def slipped(text: str, slips: int, seed: int = SEED) -> str:
    """The text with that many slips, each inside a word of two letters or more; as it is where there is none."""
    random = Random(f"{seed} {slips} {text}")  # noqa: S311 - for repeatable slips, not for secrets
    for _ in range(slips):
        text = _one_slip(text, random)
    return text


def _one_slip(text: str, random: Random) -> str:
    places = [at for at, sign in enumerate(text) if sign.lower() in BESIDE and _in_word(text, at)]
    if not places:
        return text
    at = random.choice(places)
    before, letter, after = text[:at], text[at], text[at + 1 :]
    other = random.choice(BESIDE[letter.lower()])
    swapped = after[0] + letter + after[1:] if after and after[0].isalpha() else letter + letter + after
    return before + random.choice((other + after, after, other + letter + after, swapped))


def _in_word(text: str, at: int) -> bool:
    return (at > 0 and text[at - 1].isalpha()) or text[at + 1 : at + 2].isalpha()
