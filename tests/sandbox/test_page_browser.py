"""The browser face in a real browser: what a person sees, what a screen reader is told, what the keyboard reaches."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from bot.sandbox.page import open_page, page_app
from bot.sandbox.personas import Cast
from bot.sandbox.world import World
from tests.sandbox.scripted_bot import ScriptedBot, scripted

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STEPS = 40
"""More presses of Tab than there are things to reach."""


@dataclass
class Tab:
    """One open page with the world behind it."""

    page: Page
    world: World
    cast: Cast
    bot: ScriptedBot
    complaints: list[str]
    """What the browser's console said, and requests to anywhere but the page; must be empty at the end."""

    @property
    def words(self) -> Locator:
        return self.page.get_by_role("textbox", name="Your message")

    @property
    def cards(self) -> Locator:
        return self.page.locator(".message:not(.mine)")

    async def says(self, text: str) -> None:
        await self.words.fill(text)
        await self.words.press("Enter")

    async def focused(self) -> str:
        return str(await self.page.evaluate("document.activeElement.textContent.trim()"))

    async def step_to(self, name: str, key: str = "Tab") -> None:
        """Moves the focus by keyboard alone until it lies on the thing with this text."""
        for _ in range(STEPS):
            if await self.focused() == name:
                return
            await self.page.keyboard.press(key)
        raise AssertionError(f"{name!r} is out of the keyboard's reach")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("there is no chromium on PATH")
        pytest.skip("there is no chromium on PATH")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def tab(chromium: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Tab]:
    """The page opened afresh; a test may ask for options of the context with `indirect` parameters."""
    options: dict[str, Any] = getattr(request, "param", {"viewport": {"width": 1200, "height": 800}})
    world = World(bot_name="Scripted", bot_username="scripted_bot")
    cast = Cast(world)
    runner, url = await open_page(page_app(world, cast, about="A run of the tests."))
    context = await chromium.new_context(**options)
    context.set_default_timeout(5000)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda problem: complaints.append(str(problem)))
    page.on("console", lambda line: complaints.append(line.text) if line.type in ("error", "warning") else None)
    page.on("request", lambda sent: complaints.append(sent.url) if not sent.url.startswith((url, "data:")) else None)
    async with scripted(world) as bot:
        await page.goto(url)
        await expect(page.get_by_role("heading", name="Robin Pretend")).to_be_visible()
        yield Tab(page, world, cast, bot, complaints)
    await context.close()
    await runner.cleanup()
    assert complaints == []


async def test_a_talk_by_keyboard_alone(tab: Tab) -> None:
    await tab.page.keyboard.press("Tab")
    assert await tab.focused() == "Skip to writing a message"
    await tab.page.keyboard.press("Enter")
    await expect(tab.words).to_be_focused()
    await tab.page.keyboard.type("hello")
    await tab.page.keyboard.press("Shift+Enter")
    await tab.page.keyboard.type("you")
    await tab.page.keyboard.press("Enter")
    await expect(tab.cards).to_have_count(1)
    assert tab.bot.heard[0]["message"]["text"] == "hello\nyou"
    await expect(tab.words).to_have_value("")

    await tab.step_to("More", "Shift+Tab")
    before = await tab.cards.get_attribute("data-id")
    await tab.page.keyboard.press("Enter")
    await expect(tab.cards.locator(".body")).to_have_text("You chose more")
    assert await tab.cards.get_attribute("data-id") == before
    await expect(tab.page.get_by_role("status").filter(has_text="Noted: more")).to_be_visible()
    await expect(tab.page.get_by_role("button", name="Back")).to_be_focused()


async def test_words_are_drawn_as_telegram_means_them(tab: Tab) -> None:
    await tab.says("<img src=x onerror=alert(1)>")
    await expect(tab.cards).to_have_count(1)
    await expect(tab.cards.locator("strong")).to_have_text("😀 <img src=x onerror=alert(1)>")
    await expect(tab.page.get_by_role("log").locator("img")).to_have_count(0)
    website = tab.page.get_by_role("link", name="A website")
    await expect(website).to_have_attribute("rel", "noopener noreferrer")
    await expect(website).to_have_attribute("target", "_blank")
    await expect(website).to_have_attribute("href", "https://example.org/page")


DRAW = """async ([text, entities]) => {
  const { drawWords, make } = await import("/static/message.js");
  return make("div", {}, ...drawWords(text, entities, { say() {} })).innerHTML;
}"""


def marked(kind: str, offset: int, length: int, **more: str) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


MARKS: list[tuple[str, list[dict[str, Any]], str]] = [
    ("plain", [], "plain"),
    ("😀 bold", [marked("bold", 3, 4)], "😀 <strong>bold</strong>"),
    (
        "a b c d",
        [marked("italic", 2, 3), marked("bold", 0, 5), marked("underline", 6, 1)],
        "<strong>a <em>b c</em></strong> <u>d</u>",
    ),
    ("same", [marked("bold", 0, 4), marked("strikethrough", 0, 4)], "<strong><s>same</s></strong>"),
    ("too long", [marked("code", 4, 99)], "too <code>long</code>"),
    ("x\ny", [marked("pre", 0, 3)], "<pre><code>x\ny</code></pre>"),
    ("said", [marked("blockquote", 0, 4)], "<blockquote>said</blockquote>"),
    ("said", [marked("expandable_blockquote", 0, 4)], "<blockquote>said</blockquote>"),
    ("new", [marked("type_of_tomorrow", 0, 3)], "new"),
    ("go", [marked("text_link", 0, 2, url="javascript:alert(1)")], "<span>go</span>"),
    (
        "e.org",
        [marked("url", 0, 5)],
        '<a href="https://e.org" target="_blank" rel="noopener noreferrer">e.org</a>',
    ),
    (
        "+44 1632 960001",
        [marked("phone_number", 0, 15)],
        '<a href="tel:+441632960001" target="_blank" rel="noopener noreferrer">+44 1632 960001</a>',
    ),
]


async def test_every_kind_of_mark(tab: Tab) -> None:
    assert [await tab.page.evaluate(DRAW, [text, entities]) for text, entities, _ in MARKS] == [row[2] for row in MARKS]


async def test_hidden_words_show_when_asked_for(tab: Tab) -> None:
    person = tab.cast.person("parent")
    assert person is not None
    await tab.says("hello")
    await expect(tab.cards).to_have_count(1)
    await tab.bot.ask("sendMessage", chat_id=person.id, text="A secret", entities=[marked("spoiler", 2, 6)])
    cover = tab.page.get_by_role("button", name="Hidden words, press to show")
    await cover.press("Enter")
    await expect(tab.page.get_by_role("button", name="secret")).to_have_attribute("aria-expanded", "true")


async def test_changing_a_message_one_sent(tab: Tab) -> None:
    await tab.says("helo")
    await expect(tab.cards).to_have_count(1)
    await tab.words.press("ArrowUp")
    await expect(tab.page.get_by_text("Changing a message you sent")).to_be_visible()
    await tab.words.press("Escape")
    await expect(tab.words).to_have_value("")
    await tab.page.get_by_role("button", name="Change your message: helo").press("Enter")
    await expect(tab.words).to_be_focused()
    await tab.says("hello")
    await expect(tab.page.get_by_text("Changed to: hello")).to_be_visible()
    await expect(tab.page.locator(".mine .body")).to_have_text("hello")


async def test_another_persona_has_another_chat(tab: Tab) -> None:
    await tab.says("hello")
    await expect(tab.cards).to_have_count(1)
    await tab.page.get_by_role("button", name="Nursery manager").press("Enter")
    await expect(tab.page.get_by_role("heading", name="Ash Pretend talks with Scripted")).to_be_visible()
    await expect(tab.page.locator(".message")).to_have_count(0)
    await expect(tab.page.locator('[data-who="nursery-manager"]')).to_have_attribute("aria-current", "true")
    await tab.page.get_by_role("button", name="I manage a nursery").press("Enter")
    await expect(tab.cards).to_have_count(1)
    await tab.page.get_by_role("button", name="New parent").press("Enter")
    await expect(tab.page.locator(".mine .body")).to_have_text("hello")


async def test_the_organiser_sees_whom_they_could_reach(tab: Tab) -> None:
    await tab.page.get_by_role("button", name="Organiser").press("Enter")
    people = tab.page.get_by_role("list", name="Pretend recipients").get_by_role("button")
    await expect(people).to_have_count(60)
    await expect(tab.page.get_by_role("button", name="blocked the bot")).to_have_count(2)
    await people.first.press("Enter")
    await expect(tab.page.get_by_role("heading", name="Pretend recipient 1 talks with Scripted")).to_be_visible()
    first = tab.cast.person("recipient-1")
    assert first is not None
    await tab.bot.ask("sendMessage", chat_id=first.id, text="An announcement")
    await expect(tab.cards.locator(".body")).to_have_text("An announcement")


async def test_the_menus_by_keyboard(tab: Tab) -> None:
    await tab.says("hello")
    opener = tab.page.get_by_role("button", name="The bot's commands")
    await opener.press("Enter")
    await expect(opener).to_have_attribute("aria-expanded", "true")
    await tab.page.keyboard.press("ArrowDown")
    assert await tab.focused() == "/help What I can do"
    await tab.page.keyboard.press("Escape")
    await expect(opener).to_be_focused()
    await expect(opener).to_have_attribute("aria-expanded", "false")
    await opener.press("Enter")
    await tab.page.keyboard.press("Enter")
    await expect(tab.page.locator(".mine .body").last).to_have_text("/start")

    await tab.page.get_by_role("button", name="Send something other than words").press("Enter")
    await tab.step_to("Voice message", "ArrowDown")
    await tab.page.keyboard.press("Enter")
    await expect(tab.page.get_by_text("A pretend voice")).to_be_visible()
    await expect(tab.page.get_by_text("That has no words.")).to_be_visible()


async def test_a_long_answer_is_read_from_its_beginning(tab: Tab) -> None:
    person = tab.cast.person("parent")
    assert person is not None
    await tab.says("hello")
    await expect(tab.cards).to_have_count(1)
    await tab.says("and now?")
    await expect(tab.cards).to_have_count(2)
    await tab.bot.ask("sendMessage", chat_id=person.id, text="First of all, this.")
    await tab.bot.ask("sendMessage", chat_id=person.id, text="line\n" * 120)
    await expect(tab.cards).to_have_count(4)
    await expect(tab.page.get_by_text("First of all, this.")).to_be_in_viewport()
    await expect(tab.page.locator(".mine .body").last).to_be_in_viewport()


async def test_typing_shows_until_the_message_comes(tab: Tab) -> None:
    person = tab.cast.person("parent")
    assert person is not None
    await tab.says("hello")
    await expect(tab.cards).to_have_count(1)
    await expect(tab.page.get_by_text("The bot is typing")).to_be_hidden()
    await tab.bot.ask("sendChatAction", chat_id=person.id, action="typing")
    await expect(tab.page.get_by_text("The bot is typing")).to_be_visible()
    await tab.bot.ask("sendMessage", chat_id=person.id, text="There")
    await expect(tab.page.get_by_text("The bot is typing")).to_be_hidden()


async def test_blocking_and_starting_over(tab: Tab) -> None:
    await tab.says("hello")
    await expect(tab.cards).to_have_count(1)
    await tab.page.get_by_role("button", name="Block the bot").press("Enter")
    await expect(tab.page.get_by_role("button", name="Bot is blocked")).to_have_attribute("aria-pressed", "true")
    await tab.page.get_by_role("button", name="Start over").press("Enter")
    await expect(tab.page.locator(".message")).to_have_count(0)
    await expect(tab.page.get_by_role("button", name="Block the bot")).to_have_attribute("aria-pressed", "false")
    await expect(tab.words).to_be_focused()


async def test_faults_by_keyboard(tab: Tab) -> None:
    await tab.page.get_by_role("button", name="Faults").press("Enter")
    dialog = tab.page.get_by_role("dialog", name="Faults")
    await dialog.get_by_label("Slow answers").fill("100")
    await dialog.get_by_label("Slow answers").press("Enter")
    await expect(dialog).to_be_hidden()
    marked_button = tab.page.get_by_role("button", name="Faults are on")
    await marked_button.press("Enter")
    await expect(dialog.get_by_label("Slow answers")).to_have_value("100")
    await dialog.get_by_role("button", name="All well again").press("Enter")
    await expect(tab.page.get_by_role("button", name="Faults", exact=True)).to_be_focused()
    await tab.page.get_by_role("button", name="Faults", exact=True).press("Enter")
    await expect(dialog).to_be_visible()
    await tab.page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()


async def test_it_says_what_it_is(tab: Tab) -> None:
    strip = tab.page.get_by_role("note")
    await expect(strip).to_contain_text("pretend people")
    await expect(strip).to_contain_text("not an emergency service")
    await tab.page.get_by_role("button", name="What is this?").press("Enter")
    await expect(tab.page.get_by_role("dialog", name="What is this?")).to_contain_text("A run of the tests.")


async def test_a_stopped_try_out_says_so(tab: Tab) -> None:
    await tab.page.route("**/say", lambda route: route.fulfill(status=403, body='{"error": "Reload it."}'))
    await tab.says("hello")
    await expect(tab.page.get_by_role("alert")).to_contain_text("Reload it.")
    await expect(tab.words).to_have_value("hello")
    assert [complaint for complaint in tab.complaints if "403" not in complaint] == []
    tab.complaints.clear()


SCHEMES: list[dict[str, Any]] = [
    {"color_scheme": scheme, "viewport": {"width": width, "height": 740}, "reduced_motion": "reduce"}
    for scheme in ("light", "dark")
    for width in (1200, 360)
]

AUDIT = (Path(__file__).parent / "audit.js").read_text("utf-8")


@pytest.mark.parametrize(
    "tab", SCHEMES, indirect=True, ids=lambda one: f"{one['color_scheme']}-{one['viewport']['width']}"
)
async def test_readable_reachable_and_within_the_window(tab: Tab) -> None:
    person = tab.cast.person("parent")
    assert person is not None
    await tab.says("hello " + "long" * 60)
    await expect(tab.cards).to_have_count(1)
    await tab.world.sends(person, "photo", "x" * 200)
    await tab.bot.ask(
        "sendMessage",
        chat_id=person.id,
        text="code and quote and pre",
        entities=[marked("code", 0, 4), marked("blockquote", 9, 5), marked("pre", 19, 3)],
    )
    await expect(tab.cards).to_have_count(3)
    await tab.page.get_by_role("button", name="Organiser").click()
    await expect(tab.page.get_by_role("list", name="Pretend recipients").get_by_role("button")).to_have_count(60)
    await tab.page.get_by_role("button", name="New parent").click()
    await expect(tab.cards).to_have_count(3)
    assert await tab.page.evaluate(AUDIT) == []
    await tab.page.get_by_role("button", name="Faults").click()
    assert await tab.page.evaluate(AUDIT) == []


async def test_dark_and_light_differ(chromium: Browser) -> None:
    world = World()
    runner, url = await open_page(page_app(world, Cast(world), about=""))
    papers = []
    for scheme in ("light", "dark"):
        page = await chromium.new_page(color_scheme=scheme)
        await page.goto(url)
        papers.append(await page.evaluate("getComputedStyle(document.body).backgroundColor"))
        await page.close()
    await runner.cleanup()
    assert papers[0] != papers[1]


FOCUS = """() => {
  const at = document.activeElement;
  const style = getComputedStyle(at.closest("label.field")?.parentElement ?? at);
  return at === document.body ? null : [at.outerHTML, style.outlineStyle !== "none" || style.boxShadow !== "none"];
}"""


async def test_the_focus_is_always_visible(tab: Tab) -> None:
    await tab.says("hello")
    await expect(tab.cards).to_have_count(1)
    await tab.page.get_by_role("link", name="Skip to writing").focus()
    seen: set[str] = set()
    for _ in range(STEPS):
        await tab.page.keyboard.press("Tab")
        mark = await tab.page.evaluate(FOCUS)
        if mark is None:
            break
        assert mark[1], f"no visible focus on {mark[0]}"
        seen.add(mark[0])
    assert len(seen) >= 15


async def test_two_tabs_see_the_same_talk(tab: Tab) -> None:
    other = await tab.page.context.new_page()
    await other.goto(tab.page.url)
    await asyncio.gather(tab.says("hello"), expect(other.locator(".message")).to_have_count(2))
    await other.close()
