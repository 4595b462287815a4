"""Makes the README's moving picture from the real bot: `python -m tests.pictures.make`.

The try-out page is opened in a headless Chromium, a parent writes, the bot answers, and every step is photographed.
"""

import asyncio
import io
import shutil
from pathlib import Path

from PIL import Image
from playwright.async_api import Page, ViewportSize, async_playwright

from bot.assembly import ABOUT, try_out
from bot.sandbox.page import open_page, page_app
from bot.sandbox.personas import Cast
from bot.settings import load_settings

TARGET = Path(__file__).parent / "talk.gif"
SIZE: ViewportSize = {"width": 460, "height": 760}
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SHOWN_MS = 2600
TALK = ("my baby wont stop crying every evening", "Scotland", "what else?")
"""What the parent types; a word that is a button's label presses it."""


async def main() -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("A chromium on the PATH is needed to make the picture.")
    async with try_out(load_settings()) as world:
        runner, address = await open_page(page_app(world, Cast(world), about=ABOUT))
        try:
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
                page = await browser.new_page(viewport=SIZE, reduced_motion="reduce")
                await page.goto(address)
                frames = [await photograph(page)]
                for words in TALK:
                    await act(page, words)
                    frames.append(await photograph(page))
                await browser.close()
        finally:
            await runner.cleanup()
    first, *others = frames
    first.save(TARGET, save_all=True, append_images=others, duration=SHOWN_MS, loop=0, optimize=True)


async def act(page: Page, words: str) -> None:
    """Press the button with these words, or type them; then wait for the answer."""
    answers = page.locator(".message:not(.mine)")
    before = await answers.count()
    button = page.get_by_role("button", name=words, exact=True)
    if await button.count():
        await button.last.click()
    else:
        await page.get_by_role("textbox").fill(words)
        await page.keyboard.press("Enter")
    await answers.nth(before).wait_for()


async def photograph(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(await page.screenshot())).convert("P", palette=Image.Palette.ADAPTIVE, colors=64)


if __name__ == "__main__":
    asyncio.run(main())
