"""The conversation: `(Scene, Incoming) -> Turn`. Pure: no I/O, no clock, no randomness.

`respond` orders a turn; the other modules each own one thing people come for. `wording` turns entries into messages.
Called by `service` (for channels) and by `cli` (for `ask` and `evaluate`).
"""
