"""The other ways to find an entry: each names the right one of three where the words leave no doubt."""

import sys

import pytest

from bot.matching.ranking import Phrasing
from bot.review.peers import FIRST, PEERS, Peer

SAID = {
    "crying": ["my baby cries every evening", "why does she cry so much", "the crying never stops"],
    "sleep": ["he will not sleep at night", "how much sleep does a baby need", "she only sleeps on me"],
    "dates": ["when is the awareness week", "dates of this year's week", "is the week in june"],
    "feeding": ["is breastfeeding meant to hurt", "how often should i feed", "bottle feeding and bonding"],
}
PHRASINGS = [Phrasing(label, text) for label, texts in SAID.items() for text in texts]
MODULES = {"scikit-learn": "sklearn"}


@pytest.fixture(params=PEERS, ids=lambda peer: peer.package)
def peer(request: pytest.FixtureRequest) -> Peer:
    found: Peer = request.param
    pytest.importorskip(MODULES.get(found.package, found.package))
    return found


@pytest.mark.filterwarnings("default")
def test_it_names_the_right_one_first_and_three_at_most(peer: Peer) -> None:
    named = peer.learn(PHRASINGS)(["Why does he CRY so much", "how much sleep", "the awareness week"])
    assert [labels[0] for labels in named] == ["crying", "sleep", "dates"]
    assert all(len(labels) == len(set(labels)) <= FIRST for labels in named)


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("message", ["", "???", "zzzz qqqq"])
def test_a_message_without_a_known_word_is_ranked_too(peer: Peer, message: str) -> None:
    (labels,) = peer.learn(PHRASINGS)([message])
    assert set(labels) <= SAID.keys()


@pytest.mark.filterwarnings("default")
def test_two_entries_are_enough(peer: Peer) -> None:
    two = [one for one in PHRASINGS if one.label in {"crying", "sleep"}]
    (labels,) = peer.learn(two)(["how much sleep"])
    assert labels == ["sleep", "crying"]


@pytest.mark.parametrize(("package", "module"), [("bm25s", "bm25s"), ("scikit-learn", "sklearn")])
def test_a_peer_without_its_package_says_so(package: str, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == module]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    (peer,) = [one for one in PEERS if one.package == package]
    with pytest.raises(ModuleNotFoundError):
        peer.learn(PHRASINGS)
