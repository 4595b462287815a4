"""The language of danger phrasing: what matches, what does not, and what is refused with a sentence."""

import pytest

from bot.errors import KnowledgeError
from bot.safety.patterns import Grammar, PatternError
from tests.safety.small import CLASSES, finds


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("kill myself", "I want to KILL myself today"),
        ("kill myself", "kill, myself"),
        ("cant go on", "I can't go on"),
        ("can't go on", "i cant go on"),
        ("shak*", "I keep shaking him"),
        ("ex-boyfr*", "my ex-boyfriend"),
        ("BABY", "the wee one"),
        ("HURT my son", "I beat my son"),
        ("HURT BABY", "he slapped hard my son"),
        ("(hit|slapped hard|HURT) him", "i slapped hard him"),
        ("really? want", "i want"),
        ("i (so very)? want", "i so very want"),
        ("i (so very)? want", "i want"),
        ("hurt .. baby", "hurt a b c d baby"),
        ("hurt ..8 baby", "hurt a b c d e f g h baby"),
        ("hurt .. baby", "hurt baby"),
        ("^ help $", "hello. help!"),
        ("^ help $", "help"),
        ("blue lips", "blue\u00a0lips"),
        ("cafe wall", "café wall"),
        ("12.5 mg", "took 12.5 mg"),
        ("no siento", "no sientó nada"),
    ],
)
def test_stands(pattern: str, text: str) -> None:
    assert finds(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("kill myself", "myself kill"),
        ("kill", "skills and killer"),
        ("shak*", "milkshake"),
        ("kill myself", "I could kill. Myself I mean"),
        ("kill myself", "kill\nmyself"),
        ("hurt .. baby", "hurt by day or in night baby"),
        ("hurt .. baby", "hurt. baby"),
        ("hurt .. baby", "hurt i would never do baby"),
        ("hurt ..12 baby", "hurt didn't baby"),
        ("^ help", "please help"),
        ("help $", "help me"),
        ("BABY", "son"),
        ("(a|b) c", "a b"),
        ("kill", ""),
        ("kill", "?!"),
    ],
)
def test_does_not_stand(pattern: str, text: str) -> None:
    assert not finds(pattern, text)


@pytest.mark.parametrize(
    "text",
    [
        "k1ll mys3lf",
        "k*ll myself",
        "kiiiill myself",
        "k i l l myself",
        "killmyself",
        "кill myself",
        "k\u200bill my\u00adself",
        "𝓴𝓲𝓵𝓵 myself",
        "kíll mysèlf",
        "KILL MYSELF",
        "k!ll my$elf",
    ],
)
def test_disguises_are_seen_through(text: str) -> None:
    assert finds("kill myself", text)


def test_right_to_left_and_indic_writing() -> None:
    assert finds("اپنی جان", "میں اپني جان لینا")
    assert finds("মরে যেতে", "আমি মরে যেতে চাই।")
    assert not finds("মরে যেতে", "মরে। যেতে")


def test_without_a_class_of_denials_a_gap_passes_every_word() -> None:
    assert finds("hurt .. baby", "hurt never baby", {})


def test_an_empty_class_is_met_nowhere() -> None:
    assert not finds("LATER baby", "baby", {"LATER": ()})


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("hurt (him", "never closed"),
        ("hurt him)", "never opened"),
        ("? him", "? follows nothing"),
        ("(a|) b", "empty"),
        ("a ..13 b", "12 words at most"),
        ("MUM baby", "MUM is not defined"),
        ("- baby", "holds no word"),
        ("* baby", "holds no word"),
        ("antidisestablishment*", "more than 16 letters"),
        ("..", "no word at all"),
        ("a?", "no word at all"),
        ("^ $", "no word at all"),
        ("()", "no word at all"),
    ],
)
def test_a_pattern_that_cannot_be_read_is_quoted(pattern: str, says: str) -> None:
    with pytest.raises(PatternError, match=says.replace("?", r"\?")):
        Grammar(CLASSES).pattern(pattern)


@pytest.mark.parametrize("softener", ["HIT", "HIT and HIT", "..", "(never HIT"])
def test_a_softener_that_cannot_be_read_is_refused(softener: str) -> None:
    with pytest.raises(PatternError):
        Grammar(CLASSES).softener(softener)


def test_classes_that_cannot_be_read_are_refused() -> None:
    with pytest.raises(PatternError, match="defined by itself"):
        Grammar({"ONE": ("TWO",), "TWO": ("big ONE",)})
    with pytest.raises(PatternError, match="single words only"):
        Grammar({"NOT": ("not at all",)})
    assert issubclass(PatternError, KnowledgeError)


def test_whole_words_are_known_to_spelling_and_beginnings_are_not() -> None:
    grammar = Grammar({"BABY": ("wee one",)})
    grammar.pattern("suicid* thought-out BABY")
    grammar.softener("never HIT again")
    assert grammar.vocabulary == {"thought", "out", "wee", "one", "never", "again"}


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("i want to die", {"want"}),
        ("(cut|slit) myself", {"myself"}),
        ("(cut me|slit)", {"cut", "slit"}),
        ("(cut|..) myself", {"myself"}),
        ("die?  now", {"now"}),
        ("^ .. overdos*", {"overdos"}),
        ("(very (a? ..)|sad) (x|b?)", {"very", "sad"}),
    ],
)
def test_every_match_holds_one_of_the_words_it_needs(pattern: str, needed: set[str]) -> None:
    rarest = Grammar({}).pattern(pattern).needs()[0]
    assert {*rarest.words, *rarest.beginnings} == needed


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("overdose on tablets", [{"overdose"}, {"tablets"}, {"on"}]),
        ("(him|her) .. floppy?  blue", [{"blue"}, {"him", "her"}]),
        ("never HIT in films", [{"never"}, {"films"}, {"in"}]),
        ("just HIT ..3", [{"just"}]),
        ("was a joke", [{"joke"}, {"was"}, {"a"}]),
    ],
)
def test_needs_come_with_the_rarest_first(pattern: str, needed: list[set[str]]) -> None:
    read = Grammar({}).softener if "HIT" in pattern else Grammar({}).pattern
    found = [set(need.words) for need in read(pattern).needs()]
    assert sorted(map(sorted, found)) == sorted(map(sorted, needed))
    assert [len(need) for need in found] == sorted(map(len, needed))
