"""Slash commands, in one table; every one of them can be said in words too."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.conversation import privacy
from bot.conversation.capabilities import CAPABILITIES, no_answer
from bot.conversation.payloads import ANNOUNCEMENT_STOP_LINK
from bot.conversation.scene import Outcome, Scene, Turn, turn
from bot.conversation.showing import known, show
from bot.conversation.subscribing import tell_updates
from bot.conversation.wording.choices import menu, start
from bot.conversation.wording.voice import Voice
from bot.knowledge.phrases import Phrase


@dataclass(frozen=True, slots=True)
class SlashCommand:
    does: Callable[[Scene, str], Turn]
    described: Phrase
    in_groups: bool = False


def _start(scene: Scene, argument: str) -> Turn:
    """/start; a deep link's word, such as `role_employer`, opens on that target."""
    if argument == ANNOUNCEMENT_STOP_LINK:
        return privacy.confirm_stop(scene)
    kind, _, id = argument.partition("_")
    if argument and known(scene, f"{kind}:{id}"):
        return show(scene, f"{kind}:{id}")
    return turn(scene, Outcome.SETTLED, [start(scene.voice)])


def _menu(scene: Scene, _: str) -> Turn:
    return turn(scene, Outcome.SETTLED, [menu(scene.voice, after_loss=scene.conversation.after_loss)])


def _capability(id: str) -> Callable[[Scene, str], Turn]:
    return lambda scene, _: show(scene, f"action:{id}") if known(scene, f"action:{id}") else CAPABILITIES[id](scene)


def _week(scene: Scene, _: str) -> Turn:
    target = "topic:week-what-is"
    return show(scene, target) if known(scene, target) else no_answer(scene, Phrase.DECLINE_UNKNOWN)


COMMANDS: Mapping[str, SlashCommand] = {
    "start": SlashCommand(_start, Phrase.COMMAND_START, in_groups=True),
    "help": SlashCommand(_menu, Phrase.COMMAND_HELP, in_groups=True),
    "urgent": SlashCommand(_capability("urgent-help"), Phrase.COMMAND_URGENT, in_groups=True),
    "week": SlashCommand(_week, Phrase.COMMAND_WEEK),
    "role": SlashCommand(_capability("change-role"), Phrase.COMMAND_ROLE),
    "region": SlashCommand(_capability("change-region"), Phrase.COMMAND_REGION),
    "about": SlashCommand(_capability("about-the-bot"), Phrase.COMMAND_ABOUT),
    "privacy": SlashCommand(lambda scene, _: privacy.tell_privacy(scene), Phrase.COMMAND_PRIVACY),
    "mydata": SlashCommand(lambda scene, _: privacy.tell_my_data(scene), Phrase.COMMAND_MYDATA),
    "updates": SlashCommand(lambda scene, _: tell_updates(scene), Phrase.COMMAND_UPDATES),
    "stop": SlashCommand(lambda scene, _: privacy.confirm_stop(scene), Phrase.COMMAND_STOP),
    "forget": SlashCommand(lambda scene, _: privacy.ask_forget(scene), Phrase.COMMAND_FORGET),
}

SAME_AS: Mapping[str, str] = {
    "menu": "help",
    "delete": "forget",
    "export": "mydata",
    "data": "mydata",
    "my data": "mydata",
    "show my data": "mydata",
    "export my data": "mydata",
    "sos": "urgent",
}
"""Other names people try."""


def run(scene: Scene, name: str, argument: str) -> Turn:
    command = COMMANDS.get(SAME_AS.get(name, name))
    if command is None:
        return no_answer(scene, Phrase.COMMAND_UNKNOWN)
    return command.does(scene, argument)


def is_command(word: str) -> bool:
    """Whether a bare word is the name of a command."""
    return SAME_AS.get(word, word) in COMMANDS


def typed(name: str, argument: str) -> str:
    """The words of a command as somebody typed them: "/i want to die" is no command. Empty for a plain command."""
    return "" if is_command(name) and not argument else f"{name} {argument}".strip()


def described(voice: Voice, *, groups: bool = False) -> Sequence[tuple[str, str]]:
    """(command, description) pairs for a channel's menu, in order."""
    return [
        (name, voice.say(command.described)) for name, command in COMMANDS.items() if command.in_groups or not groups
    ]
