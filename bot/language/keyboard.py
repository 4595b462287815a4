"""Which keys lie beside which, for whoever reads slips of the finger or makes them.

Asked by `spelling` (which slip is likely), by `learning` and `review` (which put slips into messages).
"""

from collections.abc import Mapping

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
"""Each row stands half a key to the right of the one above."""


def _beside() -> Mapping[str, str]:
    at = {key: (column + 0.5 * row, row) for row, keys in enumerate(_ROWS) for column, key in enumerate(keys)}
    return {
        key: "".join(other for other, (v, w) in at.items() if other != key and abs(x - v) <= 1 and abs(y - w) <= 1)
        for key, (x, y) in at.items()
    }


BESIDE = _beside()
"""The keys that touch each letter's key on a QWERTY keyboard."""
