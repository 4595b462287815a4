"""Text as people type it: clean-up, spelling and the sentence encoder. Used by `safety` and `matching` alike, so that
a message is read once; `assembly` opens the encoder and hands it on. No rule about danger or topics lives here.
"""
