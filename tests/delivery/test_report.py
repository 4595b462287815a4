"""Reports in words, beside those that the commands show."""

from bot.broadcast.announcement import Announcement, Content, MediaKind, Medium
from bot.broadcast.broadcast import Counted
from bot.delivery.report import preview_lines


def test_a_preview_names_what_goes_along() -> None:
    photo = Medium(MediaKind.PHOTO, "file id")
    shown = list(preview_lines(Announcement(Content("Hello", media=(photo, photo))), Counted(total=3)))
    assert shown[:2] == ["Hello", "[photo, photo]"]
    assert any("3 readers" in line for line in shown)
