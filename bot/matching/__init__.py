"""From a reading of a message to entries of the knowledge base, or an honest refusal. Called by `conversation`
through the Protocol `Matcher`; pure: encoder, knowledge and readings are handed in.
"""
