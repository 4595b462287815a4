"""Screening: is anybody in danger? Runs before every command, step and limit, on every message.

`screening.Screen` is the one door; `assembly` builds it and `conversation` asks it. It needs no profile, keeps nothing
and writes nothing. `tape` reads words, `patterns` is the language editors write rules in, `rules` applies them with
their softeners; `learned` judges by example.
"""
