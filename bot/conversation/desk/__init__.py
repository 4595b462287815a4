"""The organiser's desk in the chat: an announcement from the organiser's own message to its report.

A turn of the desk gives an order; `ordering` carries it out on the ledger, and the desk words what became of it.
"""
