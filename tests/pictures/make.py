"""Makes the README's pictures from the real bot: `python -m tests.pictures.make`.

The try-out page is opened in a headless Chromium, people write and press, the bot answers, and it is photographed:
`talk.gif` is one talk at reading pace, `strip.png` three screens of a phone beside one another.
"""

import asyncio
import io
import shutil
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Locator, Page, ViewportSize, async_playwright

from bot.assembly import ABOUT, try_out
from bot.sandbox.page import open_page, page_app
from bot.sandbox.personas import Cast
from bot.settings import load_settings

FOLDER = Path(__file__).parent
SIZE: ViewportSize = {"width": 400, "height": 860}
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
TYPED_MS, READ_MS, SCROLLED_MS = 1100, 3400, 2600
SCROLLED_PX = 500
"""How far one look further down a card goes: a little less than the part of the page that scrolls."""
GAP_PX = 14
MARGIN_PX = 40
COLOURS = 96

QUESTION = "my baby cries every evening for hours, is it colic?"
DANGER = "I keep thinking about shaking him"
Film = list[tuple[Image.Image, int]]


async def main() -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("A chromium on the PATH is needed to make the pictures.")
    async with try_out(load_settings()) as world:
        runner, address = await open_page(page_app(world, Cast(world), about=ABOUT))
        try:
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
                save_film(await film(await opened(browser, address)))
                await strip(await opened(browser, address))
                await browser.close()
        finally:
            await runner.cleanup()


async def opened(browser: Browser, address: str) -> Page:
    page = await browser.new_page(viewport=SIZE, reduced_motion="reduce")
    await page.goto(address)
    return page


async def film(page: Page) -> Film:
    """A parent at night: a question in words, the region by a button, "what else?"."""
    frames: Film = [await typed(page, QUESTION)]
    await sent(page)
    frames.append((await photograph(page), READ_MS))
    frames += await looks_down(page, 3)
    await press(page, "Scotland")
    await look_at(page, page.get_by_text("Where to get help in Scotland").last)
    frames.append((await photograph(page), READ_MS))
    frames.append(await typed(page, "what else?"))
    await sent(page)
    frames.append((await photograph(page), READ_MS))
    return frames


async def strip(page: Page) -> None:
    """What stands beside a question: danger, a role's tabs, one of its actions opened."""
    await typed(page, DANGER)
    await sent(page)
    screens = [await photograph(page)]
    await page.get_by_role("button", name="Nursery manager").click()
    await page.get_by_role("heading", name="Ash Pretend").wait_for()
    await typed(page, "I'm a nursery manager")
    await sent(page)
    await press(page, "During the week")
    await look_at(page, page.get_by_text("Nursery or childcare provider").first)
    screens.append(await photograph(page))
    await press(page, "How: 1")
    screens.append(await photograph(page))
    wide = Image.new("RGB", (sum(one.width + GAP_PX for one in screens) - GAP_PX, screens[0].height), "white")
    for place, screen in enumerate(screens):
        wide.paste(screen, (place * (screen.width + GAP_PX), 0))
    wide.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        FOLDER / "strip.png", optimize=True
    )


async def typed(page: Page, words: str) -> tuple[Image.Image, int]:
    await page.get_by_role("textbox").fill(words)
    return await photograph(page), TYPED_MS


async def sent(page: Page) -> None:
    """Sends what is typed and waits for the answer."""
    answers = page.locator(".message:not(.mine)")
    before = await answers.count()
    await page.keyboard.press("Enter")
    await answers.nth(before).wait_for()
    await settled(page)


async def press(page: Page, label: str) -> None:
    await page.get_by_role("button", name=label, exact=True).last.click()
    await settled(page)


async def settled(page: Page) -> None:
    """Until the bot has said everything: its messages stay the same for a moment."""
    seen, log = "", page.locator("#log")
    while (now := await log.inner_text()) != seen:
        seen = now
        await page.wait_for_timeout(400)


async def looks_down(page: Page, times: int) -> Film:
    frames: Film = []
    for _ in range(times):
        await page.locator("#scroll").evaluate("(scroll, by) => scroll.scrollBy(0, by)", SCROLLED_PX)
        frames.append((await photograph(page), SCROLLED_MS))
    return frames


async def look_at(page: Page, words: Locator) -> None:
    """Scrolls the chat, and the chat alone, until these words stand near its top."""
    box = await words.bounding_box()
    top = await page.locator("#scroll").bounding_box()
    assert box is not None
    assert top is not None
    await page.locator("#scroll").evaluate("(scroll, by) => scroll.scrollBy(0, by)", box["y"] - top["y"] - MARGIN_PX)


async def photograph(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(await page.screenshot())).convert("RGB")


def save_film(frames: Sequence[tuple[Image.Image, int]]) -> None:
    """One palette for all frames, so that nothing flickers and what stays the same costs nothing."""
    palette = frames[1][0].quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE)
    first, *others = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image, _ in frames]
    durations = [shown_ms for _, shown_ms in frames]
    first.save(FOLDER / "talk.gif", save_all=True, append_images=others, duration=durations, loop=0, optimize=True)


if __name__ == "__main__":
    asyncio.run(main())
