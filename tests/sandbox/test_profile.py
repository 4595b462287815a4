"""What the bot says about itself, by scope and language."""

from bot.sandbox.description import check_value
from tests.sandbox.asking import ask, world_with_ann

START = {"command": "start", "description": "Begin"}
ANFANG = {"command": "start", "description": "Anfang"}


async def test_commands_by_scope_and_language() -> None:
    world, _ = world_with_ann()
    private = {"type": "all_private_chats"}
    await ask(world, "setMyCommands", commands=[{**START, "command": "/start"}])
    await ask(world, "setMyCommands", commands=[ANFANG], scope=private, language_code="de")
    assert await ask(world, "getMyCommands") == [START]
    assert await ask(world, "getMyCommands", scope=private, language_code="de") == [ANFANG]
    assert await ask(world, "getMyCommands", language_code="de") == []
    assert world.profile.commands_for("de-AT") == [ANFANG]
    assert world.profile.commands_for("en") == world.profile.commands_for(None) == [START]
    await ask(world, "deleteMyCommands", scope='{"type": "all_private_chats"}', language_code="de")
    await ask(world, "setMyCommands", commands=[])
    await ask(world, "setMyCommands", commands=[])
    assert world.profile.commands_for("de") == []


async def test_words_fall_back_to_those_for_everyone() -> None:
    world, _ = world_with_ann(bot_name="Helper")
    assert await ask(world, "getMyName") == {"name": "Helper"}
    await ask(world, "setMyName", name="Helfer", language_code="de")
    assert await ask(world, "getMyName", language_code="de") == {"name": "Helfer"}
    await ask(world, "setMyDescription", description="What I am")
    assert await ask(world, "getMyDescription", language_code="de") == {"description": "What I am"}
    await ask(world, "setMyDescription", description="")
    assert await ask(world, "getMyDescription") == {"description": ""}
    await ask(world, "setMyShortDescription", short_description="Short")
    assert await ask(world, "getMyShortDescription") == {"short_description": "Short"}


async def test_menu_button() -> None:
    world, ann = world_with_ann()
    assert await ask(world, "getChatMenuButton") == {"type": "commands"}
    await ask(world, "setChatMenuButton", menu_button={"type": "default"})
    button = {"type": "web_app", "text": "Open", "web_app": {"url": "https://example.org"}}
    await ask(world, "setChatMenuButton", chat_id=ann.id, menu_button=button)
    check_value("MenuButton", await ask(world, "getChatMenuButton", chat_id=ann.id))
    assert await ask(world, "getChatMenuButton", chat_id=ann.id) == button
    await ask(world, "setChatMenuButton", menu_button=button)
    await ask(world, "setChatMenuButton", chat_id=ann.id)
    assert await ask(world, "getChatMenuButton", chat_id=ann.id) == button
