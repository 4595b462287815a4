"""Each way of breaking the sample base gives exactly one sentence, with the file and line where an editor finds it."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.knowledge.load import load
from tests.sample_base import copy_sample

CRYING, SLEEP, PARENT = "en/topics/crying-colic.yaml", "en/topics/sleep.yaml", "en/roles/parent.yaml"
GB, WEEK = "helplines/gb.yaml", "weeks/imhaw-2025.yaml"


@dataclass(frozen=True)
class Edit:
    """In `file`, `old` becomes `new`; then `check` says `said` and nothing else."""

    file: str
    old: str
    new: str
    said: str


EDITS = [
    # Shapes
    Edit(SLEEP, "title: Sleep\n", "", "en/topics/sleep.yaml:1: title is missing"),
    Edit(
        SLEEP,
        "title: Sleep",
        "title: Sleep\ntitel: Nap",
        'en/topics/sleep.yaml:3: "titel" is not a key here. Nearest: title',
    ),
    Edit(
        SLEEP,
        "title: Sleep",
        "title:",
        "en/topics/sleep.yaml:2: title: is empty: write something, or leave the line out",
    ),
    Edit(
        SLEEP,
        "      - Ask for help with the mornings.\n",
        "",
        "en/topics/sleep.yaml:12: answers.everyone.pointers: needs at least 3, has 2",
    ),
    Edit(
        SLEEP,
        "    opening: Broken nights are hard.",
        "    opening: [a, b]",
        "en/topics/sleep.yaml:11: answers.everyone.opening: must be words, not a list or a group",
    ),
    Edit(
        SLEEP,
        "services: [base]",
        "services: base",
        'en/topics/sleep.yaml:16: services: must be a list: each entry on a line of its own that begins with "- "',
    ),
    Edit(
        SLEEP,
        "review:\n  gathered_on: 2026-11-20",
        "review: done",
        'en/topics/sleep.yaml:21: review: must be a group of lines such as "name: words"',
    ),
    Edit(
        SLEEP,
        "gathered_on: 2026-11-20",
        "gathered_on: 20 November 2026",
        "en/topics/sleep.yaml:22: review.gathered_on: must be a day written like 2026-11-20",
    ),
    Edit(
        SLEEP,
        "gathered_on: 2026-11-20",
        'gathered_on: "1700000000"',
        "en/topics/sleep.yaml:22: review.gathered_on: must be a day written like 2026-11-20",
    ),
    Edit(
        SLEEP,
        "gathered_on: 2026-11-20",
        "gathered_on: 2026-11-31",
        "en/topics/sleep.yaml:22: review.gathered_on: must be a day written like 2026-11-20",
    ),
    Edit(
        SLEEP,
        "gathered_on: 2026-11-20",
        "gathered_on: 2026-11-20\n  clinical: doen",
        'en/topics/sleep.yaml:23: review.clinical: "doen" is none of not-applicable, needed, done. Nearest: done',
    ),
    Edit(
        SLEEP,
        "  - how do I get him to nap",
        '  - "how do I get him to nap "',
        "en/topics/sleep.yaml:7: questions.4: must be one line without spaces at its ends",
    ),
    Edit(
        SLEEP,
        "near: [crying-colic]",
        "near: [Crying Colic]",
        "en/topics/sleep.yaml:17: near.1: must be small letters, digits and single hyphens, such as safe-sleep",
    ),
    Edit(
        "languages.yaml",
        "offered: true",
        "offered: maybe",
        "languages.yaml:4: languages.1.offered: must be true or false",
    ),
    Edit("series.yaml", "month: 6", "month: June", "series.yaml:9: series.1.month: must be a whole number"),
    Edit("series.yaml", "month: 6", "month: 13", "series.yaml:9: series.1.month: must be 12 or less"),
    Edit(
        "resources/example.yaml",
        "kind: guide",
        "kind: giude",
        'resources/example.yaml:12: resources.2.kind: "giude" is none of report, guide, guideline, toolkit, campaign, '
        "film, service, research, training, briefing, page. Nearest: guide",
    ),
    Edit(
        "resources/example.yaml",
        "url: https://crying.example/",
        "url: http://crying.example/",
        "resources/example.yaml:13: resources.2.url: must be a web address that begins with https://",
    ),
    Edit(
        GB,
        "international: +44 1632 960001",
        "international: 0044 1632 960001",
        "helplines/gb.yaml:21: helplines.2.phone.international: must be + and digits with single spaces, "
        "such as +44 1632 960001",
    ),
    Edit(
        PARENT,
        "  before:",
        "  bevore:",
        'en/roles/parent.yaml:7: actions.bevore: "bevore" is none of before, during, after, all_year. Nearest: before',
    ),
    Edit(
        "regions.yaml",
        "emergency: UK-999",
        "emergency: UK-99",
        'regions.yaml:5: helpline "UK-99" does not exist. Nearest: UK-999',
    ),
    Edit(
        "regions.yaml",
        "  - id: us\n",
        "  - id: us\n    parent: usa\n",
        'regions.yaml:13: region "usa" does not exist. Nearest: us',
    ),
    Edit(
        WEEK,
        "status: OFFICIAL",
        "  - id: first-day\n    days_from_start: 1\n    title:\n      en: Again\n    texts:\n      parent:\n"
        "        en: Again\nstatus: OFFICIAL",
        'weeks/imhaw-2025.yaml:33: announcement "first-day" stands twice in this week',
    ),
    Edit(
        WEEK,
        "take_part:\n  en:\n    - Share one thing with a friend.",
        "take_part:\n  en: [[Share]]",
        "weeks/imhaw-2025.yaml:16: take_part.en.1: must be words, not a list or a group",
    ),
    Edit(
        WEEK,
        "series: imhaw\n",
        "series: imhaw\nlabel:\n  de: x\n",
        'weeks/imhaw-2025.yaml:3: "label" is not a key here',
    ),
    Edit(
        "en/roles/childcare.yaml",
        "      how: Pick one that the babies know.",
        "      hwo: Pick one that the babies know.\n      how: Sing.",
        'en/roles/childcare.yaml:11: "hwo" is not a key here. Nearest: how',
    ),
    Edit(
        WEEK,
        "    url: https://week.example/talk",
        "    ulr: https://week.example/talk",
        'weeks/imhaw-2025.yaml:23: "ulr" is not a key here. Nearest: url',
    ),
    Edit(
        "en/safety.yaml",
        "contacts: base",
        "contacts: bases",
        'en/safety.yaml:119: service block "bases" does not exist. Nearest: base',
    ),
    # YAML
    Edit(
        SLEEP,
        "opening: Broken nights are hard.",
        "opening: Nights: they are hard.",
        'en/topics/sleep.yaml:11: is not YAML: a colon inside words: put the words in "quotation marks"',
    ),
    Edit(SLEEP, "title: Sleep", "title: Sleep\ntitle: Nap", 'en/topics/sleep.yaml:3: key "title" stands twice'),
    Edit(
        SLEEP,
        "title: Sleep",
        "title: &name Sleep",
        "en/topics/sleep.yaml:2: anchors and aliases (& and *) are not used here: write the words out",
    ),
    # Ids across files
    Edit(
        SLEEP,
        "near: [crying-colic]",
        "near: [crying-colc]",
        'en/topics/sleep.yaml:17: topic "crying-colc" does not exist. Nearest: crying-colic',
    ),
    Edit(
        CRYING,
        "resources: [example.crying]",
        "resources:\n  - example.week\n  - example.cryng",
        'en/topics/crying-colic.yaml:30: resource "example.cryng" does not exist. Nearest: example.crying',
    ),
    Edit(
        CRYING,
        "urgent: baby-unwell",
        "urgent: baby-ill",
        'en/topics/crying-colic.yaml:25: urgent block "baby-ill" does not exist. Nearest: baby-unwell',
    ),
    Edit(
        CRYING,
        "  childcare:",
        "  child-care:",
        'en/topics/crying-colic.yaml:19: role "child-care" does not exist. Nearest: childcare',
    ),
    Edit(
        CRYING,
        "  everyone:",
        "  parent:",
        'en/topics/crying-colic.yaml:9: topic "crying-colic" has no answer for "everyone"',
    ),
    Edit(
        CRYING,
        "near: [sleep]",
        "part_of: crying-colic",
        'en/topics/crying-colic.yaml:29: topic "crying-colic" cannot be part of itself',
    ),
    Edit(
        SLEEP,
        "  - how do I get him to nap",
        "  - My baby will not sleep",
        'en/topics/sleep.yaml:7: question "My baby will not sleep" stands twice',
    ),
    Edit(SLEEP, "id: sleep", "id: sleeping", 'en/topics/sleep.yaml:1: id "sleeping" must be "sleep"'),
    Edit(
        "en/topics/week-what-is.yaml",
        "series: imhaw",
        "series: imwah",
        'en/topics/week-what-is.yaml:18: series "imwah" does not exist. Nearest: imhaw',
    ),
    Edit(
        "roles.yaml",
        "  - id: childcare\n    group: practice",
        "  - id: childcare\n    group: practice\n  - id: mp\n    group: policy",
        'roles.yaml:7: role "mp" has no en/roles/mp.yaml',
    ),
    Edit(
        "en/roles/childcare.yaml",
        "childminder",
        "Grandmother",
        'en/roles/parent.yaml:4: role "childcare" is called "grandmother" already',
    ),
    Edit(PARENT, "[mum, dad,", "[mum, Mum, dad,", 'en/roles/parent.yaml:4: "Mum" stands twice'),
    Edit(
        PARENT,
        "id: small-chats",
        "id: save-the-date",
        'en/roles/parent.yaml:14: action "save-the-date" stands twice in this role',
    ),
    Edit(
        "regions.yaml",
        "zones: [Europe/London]",
        "zones: [Europe/Londn]",
        'regions.yaml:4: time zone "Europe/Londn" does not exist. Nearest: Europe/London',
    ),
    Edit(
        "regions.yaml",
        "emergency: UK-999",
        "emergency: US-911",
        'regions.yaml:5: helpline "US-911" does not serve region "gb"',
    ),
    Edit("regions.yaml", "en: [USA, America]", "en: [USA, uk]", 'regions.yaml:20: region "gb" is called "uk" already'),
    Edit(
        "regions.yaml",
        "  - id: us\n",
        "  - id: us\n    parent: us\n",
        'regions.yaml:13: region "us" is its own ancestor',
    ),
    Edit(
        GB,
        "  - id: UK-999\n",
        "  - id: UK-LISTEN\n    name: Another\n    serves: [gb]\n    for_what:\n      en: Twice\n    website: https://twice.example/\n"
        "    status: GK\n    sources:\n      - name: Example source\n  - id: UK-999\n",
        'helplines/gb.yaml:23: id "UK-LISTEN" stands twice; first in helplines/gb.yaml',
    ),
    Edit(
        GB,
        "      international: +44 1632 960001\n",
        "",
        'helplines/gb.yaml:19: helpline "UK-LISTEN" needs its number in international form too',
    ),
    Edit(
        GB,
        "        url: https://listen.example/contact\n",
        "",
        'helplines/gb.yaml:27: helpline "UK-LISTEN" is OFFICIAL, so one source needs its address (url)',
    ),
    Edit(
        "helplines/elsewhere.yaml",
        "    website: https://lists.example/\n    note:\n"
        "      en: If anyone is in danger now, call the emergency number where you are.\n",
        "",
        'helplines/elsewhere.yaml:2: helpline "ZZ-LIST" says no way to reach it',
    ),
    Edit(
        "en/services.yaml",
        "helplines: [US-LISTEN]",
        "helplines: [UK-LISTEN]",
        'en/services.yaml:9: helpline "UK-LISTEN" does not serve region "us"',
    ),
    Edit(
        "en/services.yaml",
        "      elsewhere:\n        say: Ask your family doctor.\n        helplines: [ZZ-LIST]\n",
        "",
        'en/services.yaml:3: service block "base" says nothing for "elsewhere"',
    ),
    Edit(
        "resources/example.yaml",
        "url: https://crying.example/",
        "url: https://week.example",
        'resources/example.yaml:13: resource "example.week" has this address already',
    ),
    Edit(
        WEEK, "ends: 2025-06-15", "ends: 2025-06-01", 'weeks/imhaw-2025.yaml:7: week "imhaw-2025" ends before it starts'
    ),
    Edit(
        WEEK,
        "announcements:",
        "daily_topics:\n  - on: 2025-06-16\n    topic:\n      en: Too late\nannouncements:",
        'weeks/imhaw-2025.yaml:26: 2025-06-16 is no day of week "imhaw-2025"',
    ),
    Edit(WEEK, "year: 2025", "year: 2026", 'weeks/imhaw-2025.yaml:3: week "imhaw-2025" starts in 2025, not in 2026'),
    Edit(
        WEEK,
        "      everyone:\n",
        "      childcar:\n",
        'weeks/imhaw-2025.yaml:31: role "childcar" does not exist. Nearest: childcare',
    ),
    Edit(
        "en/alarms.yaml",
        "family: shaking",
        "family: shakeing",
        'en/alarms.yaml:10: alarm family "shakeing" does not exist. Nearest: shaking',
    ),
    Edit(
        WEEK,
        "en: Second example theme",
        "en: Ring (01632) 960-999",
        "weeks/imhaw-2025.yaml:10: shows a number of Example Closed Line that must not be used",
    ),
    Edit(
        SLEEP,
        "title: Sleep",
        'title: "✎ Write a title"',
        "en/topics/sleep.yaml:2: still holds the skeleton's words: write your own",
    ),
    Edit(
        "en/examples/alarms.tsv",
        "SUPPORT\t",
        "SUPORT\t",
        'en/examples/alarms.tsv:3: label "SUPORT" is none of CARD, NONE, SUPPORT',
    ),
    Edit(
        "en/examples/scope.tsv",
        "weather\ta\t",
        "weather\t",
        "en/examples/scope.tsv:2: needs 3 columns, the last with a text",
    ),
    Edit(
        "en/examples/roles.tsv",
        "role\tform",
        "role\tshape",
        "en/examples/roles.tsv:1: must begin with the header role form writer text (tabs between)",
    ),
]


def edited(root: Path, edit: Edit) -> None:
    path = root / edit.file
    before = path.read_text("utf-8")
    assert edit.old in before, "the sample base has changed"
    path.write_text(before.replace(edit.old, edit.new, 1), "utf-8")


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: f"{edit.file}-{edit.new[:30]!r}")
def test_a_broken_line_is_named(tmp_path: Path, edit: Edit) -> None:
    root = copy_sample(tmp_path)
    edited(root, edit)
    with pytest.raises(KnowledgeError) as refusal:
        load(root)
    assert str(refusal.value) == edit.said


def test_without_elsewhere_there_is_nothing_for_most_of_the_world(tmp_path: Path) -> None:
    root = copy_sample(tmp_path)
    regions = root / "regions.yaml"
    regions.write_text(regions.read_text("utf-8").split("  - id: elsewhere")[0], "utf-8")
    with pytest.raises(KnowledgeError) as refusal:
        load(root)
    assert 'regions.yaml:2: region "elsewhere" is missing' in str(refusal.value).splitlines()
