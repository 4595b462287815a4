"""Entries turned into messages: pages, cards, dates, helplines. Pure; called by the other modules of `conversation`."""
