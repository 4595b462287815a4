"""Strict YAML: plain text comes out with its lines, and anything surprising is refused with one sentence."""

import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge import yaml_reader
from bot.knowledge.yaml_reader import DEEPEST, LARGEST_BYTES, Refused, decode, read, shortened


@pytest.fixture(params=["CSafeLoader", "SafeLoader"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both of PyYAML's parsers: the one in C, and the one that stands in where that is missing."""
    monkeypatch.setattr(yaml_reader, "_Loader", getattr(yaml, request.param))


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    "text",
    [
        "no",
        "yes",
        "null",
        "~",
        "1",
        "0777",
        "1e3",
        "12:30:00",
        "2026-11-20",
        "0x1F",
        ".inf",
        "'1'",
        '"true"',
        "01632 960 001",
    ],
)
def test_every_scalar_stays_the_text_that_was_written(text: str) -> None:
    assert read(f"key: {text}".encode()).value == {"key": text.strip("'\"")}


def test_lines_are_those_of_the_file() -> None:
    document = read(b"# note\na: 1\nb:\n  - x\n  - c: 2\n    d: 3\n")
    assert [document.line(path) for path in [("a",), ("b",), ("b", 0), ("b", 1, "d")]] == [2, 3, 4, 6]
    assert document.line(("b", 1, "absent", "deeper")) == 5


@pytest.mark.parametrize(
    "data", [b"\xef\xbb\xbfa: 1\nb: 2\n", b"a: 1\r\nb: 2\r\n", b"a: 1\nb: 2", b"---\na: 1\nb: 2\n...\n"]
)
def test_marks_and_line_ends_of_other_systems_change_nothing(data: bytes) -> None:
    assert read(data).value == {"a": "1", "b": "2"}


LAUGHS = b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n"

REFUSALS = [
    (b"", 1, "is empty"),
    (b"# only a note\n\n", 1, "is empty"),
    (b"---\n", 1, "is empty"),
    (LAUGHS, 1, "anchors"),
    (b"a: 1\nb: *a\n", 2, "anchors"),
    (b"a: 1\nb:\n  <<: {c: 1}\n", 3, "merge keys"),
    (b"a: !!python/object/apply:os.getcwd []\n", 1, "tags"),
    (b"a: !secret x\n", 1, "tags"),
    (b"a: ! x\n", 1, "tags"),
    (b"a: 1\n---\nb: 2\n", 2, "more than one document"),
    (b"a: 1\nb: 2\na: 3\n", 3, 'key "a" stands twice'),
    (b"a:\n  b: 1\n  b: 2\n", 3, 'key "b" stands twice'),
    (b"? [a, b]\n: 1\n", 1, "a key must be a word"),
    (b"a: 1\nb: \xff\xfe\n", 2, "is not UTF-8 text"),
    ("a: 1".encode("utf-16"), 1, "is not UTF-8 text"),
    (b"a: 1\nb: x\x00y\n", 2, "U+0000"),
    (b'a: 1\nb: "x\\0y"\n', 2, "U+0000"),
    (b'a: "\\x1b[31m"\n', 1, "U+001B"),
    (b'a: "\\U00110000"\n', 1, "is not YAML"),
    (b"a: 1\n\tb: 2\n", 2, "is not YAML"),
    (b"a: b: c\n", 1, "a colon inside words"),
    (b'a: "never closed\n', 2, "a quotation mark that is never closed"),
    (b"a: [1, 2\n", 2, "a bracket that is never closed"),
    (b"a: [1, 2\nb: 3\n", 2, "is not YAML"),
    (b"a: 1\n b: 2\n", 2, "is not YAML"),
    (b"a: 1\n- b\n", 2, "lines that do not stand in step"),
    (b"a: 1\nwords alone\n", 3, "a line without its colon"),
    (b"a: @home\n", 1, "a tab, or a sign"),
    (b'a: "C:\\home"\n', 1, "write it twice"),
    (b"[" * (DEEPEST + 1), 1, "nested deeper"),
    (b"a: " + b"{b: " * DEEPEST, 1, "nested deeper"),
    (b"[" * 1024 * 1024, 1, "is larger than"),
    (b"#" * (LARGEST_BYTES + 1), 1, "is larger than"),
]


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(("data", "line", "words"), REFUSALS, ids=[repr(data[:24]) for data, _, _ in REFUSALS])
def test_what_is_refused(data: bytes, line: int, words: str) -> None:
    with pytest.raises(Refused) as refusal:
        read(data)
    assert words in refusal.value.message
    assert abs(refusal.value.line - line) <= 1, "the parsers differ by a line at the end of a file"
    assert "\n" not in refusal.value.message


def test_a_wall_of_brackets_costs_nothing() -> None:
    started = time.perf_counter()
    with pytest.raises(Refused):
        read(b"[" * LARGEST_BYTES)
    assert time.perf_counter() - started < 1


def test_quoted_words_are_short_and_on_one_line() -> None:
    assert shortened("a\nb\x07 c") == "a b? c"
    assert len(shortened("word " * 100)) <= 60


def test_a_table_may_be_larger_than_a_file() -> None:
    assert decode(b"x" * 20, largest_bytes=20) == "x" * 20


FRAGMENTS = st.sampled_from(
    ["a", "b:", ": ", "- ", "? ", "[", "]", "{", "}", ",", "|", ">", "\n", "  ", "\t", "#", "&x ", "*x", "!t ", "<<: "]
)
STRANGE = st.sampled_from(
    [
        "---\n",
        "...\n",
        '"',
        "'",
        "\\",
        "%YAML 9\n",
        "@",
        "\ufeff",
        "\x00",
        "\x85",
        "\u2028",
        "\\U00110000",
        "\\ud800",
        "é",
    ]
)
YAMLISH = st.lists(FRAGMENTS | STRANGE, max_size=40).map("".join) | st.text(max_size=60)


def refusal_of(data: bytes) -> Refused | None:
    try:
        read(data)
    except Refused as refusal:
        return refusal
    return None


@pytest.mark.parametrize("name", ["CSafeLoader", "SafeLoader"])
@given(text=YAMLISH)
def test_anything_else_is_refused_and_never_raises(name: str, text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_reader, "_Loader", getattr(yaml, name))
        refusal = refusal_of(text.encode("utf-8", "surrogatepass"))
    if refusal is not None:
        assert 1 <= refusal.line <= sum(map(text.count, "\n\r\x85\u2028\u2029")) + 2
        assert "\n" not in refusal.message
        assert len(refusal.message) < 200


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_refused_or_read(data: bytes) -> None:
    refusal = refusal_of(data)
    assert refusal is None or refusal.message
