"""The texts of skeletons, by kind. Used by `skeletons`; gaps in braces are filled there.

Lines that begin with the pencil are refused by `check` until somebody has written over them, and so is the day
0001-01-01. Nothing here is a fact.
"""

ROLE = """\
# A role: who somebody is, and what they can do. Write over every line that has a pencil; `check` counts those left.
id: {id}
label: "✎ Write what this role is called"
# How somebody picks it, such as "I run a toddler group".
speaking: "✎ Write how they say it of themselves"
# Everything such people call themselves, one a line. No other role may be called the same.
also_called:
  - "✎ Write one name they go by"
why: "✎ Write in one or two short sentences why they matter to babies"
# What they can do. Any of before, during, after (the week) and all_year; each action has an id of its own.
actions:
  all_year:
    - id: first-action
      do: "✎ Write one thing they can do"
      why: "✎ Write what it is good for"
      how: "✎ Write how to begin"
      # resources:
      #   - the id of a link from resources/
# resources:
#   - the id of a link from resources/
# Where this comes from: the name a reader sees, and the address. `seen_on` only if the source bears a date.
sources:
  - name: "✎ Write the name of the source"
    # url: its web address
review:
  gathered_on: {today}
  clinical: not-applicable
"""

TOPIC = """\
# A topic: what people ask, and what they hear. Write over every line that has a pencil; `check` counts those left.
id: {id}
title: "✎ Write a short title, as on a button"
# How people really ask, misspellings and all. At least 5, each asked in another way.
questions:
  - "✎ Write a first way of asking"
  - "✎ Write a second way of asking"
  - "✎ Write a third way of asking"
  - "✎ Write a fourth way of asking"
  - "✎ Write a fifth way of asking"
# `everyone` is heard by all; add a role's id beside it for words of their own. 3 to 5 pointers, short sentences.
answers:
  everyone:
    opening: "✎ Write one warm first line here"
    pointers:
      - "✎ Write a first pointer"
      - "✎ Write a second pointer"
      - "✎ Write a third pointer"
# heavy: true, where who asks is often low or frightened
# urgent: the id of an urgent block in safety.yaml
# Where to turn, by the reader's region: ids of blocks in services.yaml.
services: []
# Where this comes from: the name a reader sees, and the address. `seen_on` only if the source bears a date.
sources:
  - name: "✎ Write the name of the source"
    # url: its web address
review:
  gathered_on: {today}
  # needed: a clinician should read it. done: one has, then add reviewed_by. not-applicable: nothing clinical in it.
  clinical: needed
"""

WEEK = """\
# One edition of an awareness week. Only what a source says: leave out what is not announced.
id: {id}
series: {series}
year: {year}
name:
  en: "✎ Write the name of this edition"
# First and last day. 0001-01-01 stands for a day that nobody has written yet.
starts: 0001-01-01
ends: 0001-01-01
# theme:
#   en: only when it is announced
# hashtags:
#   - "#only-when-announced"
# OFFICIAL: the organisers say so. SECONDARY: somebody else says so.
status: UNCONFIRMED
sources:
  - name: "✎ Write the name of the source"
    # url: its web address
review:
  gathered_on: {today}
"""

HELPLINES = """\
# Lines for this region. Write over every line that has a pencil; `check` counts those left.
helplines:
  - id: {upper}-EMERGENCY
    name: "✎ Write what the emergency number is called"
    serves: [{id}]
    for_what:
      en: "✎ Write what it is for"
    phone:
      spoken: "✎ Write the emergency number"
    # Then OFFICIAL or SECONDARY, once a source shows the number: until then it is not shown to anybody.
    status: UNCONFIRMED
    steady: true
    sources:
      - name: "✎ Write the name of the source"
        # url: its web address
"""

ALARMS = """\
# How danger is said in this language, and the first thing to say then. A speaker of it must read every line.
first_line: "✎ Write: this sounds serious, call your emergency number now"
machine_drafted: true
# Phrasings of one family of danger. See en/alarms.yaml for the families and for how patterns are written.
rules:
  - family: suicide
    patterns:
      - "✎ Write one way in which it is said"
"""

PHRASEBOOK = """\
# What the bot says between the answers, in the language {id}. en/phrasebook.yaml has the same names in English.
# Keep what stands in braces. Write over every line that has a pencil; `check` counts them once the language is offered.
phrases:
"""

LISTED = {
    "role": """\
- id: {id}
  # family, practice, policy, employer or community
  group: community
""",
    "region": """\
- id: {id}
  # parent: the id of the region that this one lies in
  zones:
    # such as Europe/London; UTC stands for a zone that nobody has written yet
    - UTC
  emergency: {upper}-EMERGENCY
  name:
    en: "✎ Write its name"
  within:
    en: "✎ Write it with its preposition, such as: in Scotland"
  also_called:
    en:
      - "✎ Write one name that people there use"
""",
    "language": """\
- id: {id}
  name: "✎ Write its name in the language itself"
  # true once its folder holds everything that en/ holds
  offered: false
""",
}
