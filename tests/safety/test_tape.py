"""Rows of words: what a text is taken to hold."""

from hypothesis import given
from hypothesis import strategies as st

from bot.safety.tape import END, Lexicon, Tape, forms, normal, pieces

KNOWN = Lexicon(["kill", "myself", "my", "self", "i", "want", "to", "die", "cull"])


def test_sentences_end_at_stops_and_lines_but_not_at_commas_or_in_numbers() -> None:
    assert list(pieces("Stop... now, 3.5 kg! a.b\nc; d.")) == [
        *("stop", END, "now", "3.5", "kg", END, "a", "b", END, "c", END, "d", END)
    ]


def test_case_accents_and_what_leaves_no_mark_are_put_aside() -> None:
    assert normal("ŻÓŁĆ Don’t\u200d") == "zolc dont"


def test_a_word_may_be_read_in_several_ways() -> None:
    assert {"k1ll", "kill"} <= set(forms("k1ll"))
    assert {"soo", "so"} <= set(forms("soooo"))
    assert forms("2day") == ("2day",)


def test_hidden_letters_are_guessed_from_known_words_of_one_shape() -> None:
    assert KNOWN.uncensored("k*ll") == ("kill",)
    assert KNOWN.uncensored("*ill") == ()
    assert KNOWN.uncensored("kill") == ()
    assert "kill" in KNOWN


def test_run_together_words_are_taken_apart_into_the_fewest_known_ones() -> None:
    assert KNOWN.unglued("iwanttodie") == ("i", "want", "to", "die")
    assert KNOWN.unglued("killmyself") == ("kill", "myself")
    assert KNOWN.unglued("killmyselg") == ("killmyselg",)
    assert KNOWN.unglued("diedie") == ("diedie",)
    assert Lexicon([]).unglued("wanttodie") == ("wanttodie",)


def test_spelt_out_words_are_read_both_ways() -> None:
    assert list(KNOWN.rows("k i l l me")) == [("k", "i", "l", "l", "me"), ("kill", "me")]
    assert list(KNOWN.rows("a b me")) == [("a", "b", "me")]


def test_softening_reaches_some_words_but_not_past_a_sentence() -> None:
    tape = Tape(("a", "b", END, "c"), KNOWN)
    assert tape.around(1, 1) == 0b11
    assert tape.around(1, 9) == 0b111


@given(st.text())
def test_every_text_has_a_row(text: str) -> None:
    for row in KNOWN.rows(text):
        Tape(row, KNOWN)
