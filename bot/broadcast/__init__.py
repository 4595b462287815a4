"""Announcements as pure values: what may become of a broadcast and of each delivery, and how fast. Nothing here sends,
stores or looks at a clock; `storage` keeps the ledger, `delivery` sends, `conversation` is the organiser's desk.
"""
