"""A stand-in for Telegram's Bot API: one core, three faces (browser page, terminal, in-process for tests).

`World` (world.py) holds pretend people, chats and messages and answers Bot API calls as strictly as Telegram does:
every request is checked against the machine-readable Bot API (bot_api.json, read by description.py) before it counts.
`assembly` builds a world for the try-out; the tests build one a test. Nothing here imports the rest of the bot, so
the stand-in can also stand before a real bot over HTTP (http.py).

Where things are: stage.py what the world consists of; chats.py people, chats and messages; updates.py the queue a bot
polls; queries.py what waits for the bot's answer; messages.py, media.py, editing.py, members.py, profile.py
and webhook.py what the methods do; methods.py which name calls which function; faults.py and pace.py the knobs for
things that go wrong.
"""
