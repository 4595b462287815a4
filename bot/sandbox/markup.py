"""Keyboards under messages: what Telegram refuses beyond the types. Called by everything that takes `reply_markup`."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.refusals import bad_request

BUTTONS_A_MARKUP = 100
BUTTONS_A_ROW = 8
"""More than these are not shown as sent; Telegram answers `reply markup is too long` or moves them to further rows."""
KINDS = frozenset(
    {
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
    }
)
"""Fields of which an inline button carries exactly one."""


def check_markup(markup: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The markup that a message keeps: an inline keyboard, or None for the other kinds, which live in the app alone."""
    if markup is None:
        return None
    if "inline_keyboard" in markup:
        rows = [row for row in markup["inline_keyboard"] if row]
        _check_size(rows)
        for row in rows:
            for button in row:
                _check_button(button)
        return {"inline_keyboard": rows} if rows else None
    if "keyboard" in markup:
        _check_size(markup["keyboard"])
        if any(not _words(button).strip() for row in markup["keyboard"] for button in row):
            raise bad_request("can't parse keyboard button: text is empty")
    elif not (markup.get("remove_keyboard") or markup.get("force_reply")):
        raise bad_request("object expected as reply markup")
    return None


def _words(button: Any) -> str:
    return button if isinstance(button, str) else str(button["text"])


def _check_size(rows: list[list[Any]]) -> None:
    if sum(map(len, rows)) > BUTTONS_A_MARKUP or any(len(row) > BUTTONS_A_ROW for row in rows):
        raise bad_request("reply markup is too long")


def _check_button(button: Mapping[str, Any]) -> None:
    if not button["text"].strip():
        raise bad_request("can't parse inline keyboard button: text is empty")
    given = KINDS & button.keys()
    if not given:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(given) > 1:
        raise bad_request("can't parse inline keyboard button: exactly one kind of button must be used")
    if "url" in given:
        check_button_url(button["url"])


def check_button_url(url: str) -> None:
    """http, https and tg only; Telegram names the reason in these words."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        raise _invalid(url, "Wrong HTTP URL") from None
    scheme = parts.scheme
    if "://" not in url and scheme in ("", "tel", "mailto", "sms", "javascript"):
        if scheme:
            raise _invalid(url, "Unsupported URL protocol")
        parts = urlsplit(f"http://{url}")
        host, scheme = parts.hostname, "http"
    if scheme == "tg":
        return
    if scheme not in ("http", "https"):
        raise _invalid(url, "Unsupported URL protocol")
    if not host or any(sign.isspace() for sign in url):
        raise _invalid(url, "Wrong HTTP URL")
    if "." not in host and host != "localhost" and ":" not in host:
        raise _invalid(url, "Wrong HTTP URL")


def _invalid(url: str, reason: str) -> Exception:
    return bad_request(f"inline keyboard button URL '{url}' is invalid: {reason}")
