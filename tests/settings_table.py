"""`python -m tests.settings_table` writes the README's table of settings from the code; a test compares the two."""

import re
from pathlib import Path

from bot.settings import described

README = Path(__file__).parent.parent / "README.md"
BETWEEN = re.compile(r"(?<=a test -->\n).*?(?=<!-- end of settings -->)", re.DOTALL)


def table() -> str:
    rows = [f"| `{name}` | {f'`{default}`' if default else ''} | {what} |\n" for name, default, what in described()]
    return "".join(["| Name | Default | Meaning |\n| --- | --- | --- |\n", *rows])


def written() -> str:
    """The README with the table as it should be. Raises ValueError when the markers are gone."""
    text, found = BETWEEN.subn(lambda _: table(), README.read_text(encoding="utf-8"))
    if found != 1:
        raise ValueError("README.md has lost the markers around the table of settings")
    return text


if __name__ == "__main__":
    README.write_text(written(), encoding="utf-8")
