"""Sending under fire: a server that loses answers, a sender that is killed over and over, and the ledger held against
what really arrived. `python -m tests.chaos` runs it at length, `test_chaos` in short.
"""
