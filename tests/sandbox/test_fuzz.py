"""Nobody's request, however odd, brings the stand-in down: every answer is a Bot API answer."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.sandbox.chats import FIRST_PERSON
from bot.sandbox.description import bot_api
from bot.sandbox.methods import BEHAVIOUR
from tests.sandbox.asking import PNG, keyboard, world_with_ann
from tests.sandbox.test_sending import described
from tests.sandbox.test_updates import at_once

JSON_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
LIKELY: st.SearchStrategy[Any] = st.sampled_from(
    [
        FIRST_PERSON,
        str(FIRST_PERSON),
        1,
        "1",
        True,
        "true",
        "HTML",
        "<b>👶</b>",
        "[]",
        "{}",
        "[1]",
        "attach://photo",
        "\ud800",
        keyboard(callback_data="a"),
        [{"type": "photo", "media": "attach://photo"}] * 2,
        [{"type": "emoji", "emoji": "👍"}],
        [{"type": "bold", "offset": 0, "length": 2}],
        [{"text": "a"}],
    ]
)
METHODS = sorted(bot_api()["methods"])


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    method = draw(st.sampled_from(sorted(BEHAVIOUR)) | st.sampled_from(METHODS) | st.text(max_size=10))
    fields = bot_api()["methods"].get(method, {}).get("fields", {})
    wanted = [name for name, spec in fields.items() if spec.get("required") or draw(st.booleans())]
    params = {name: draw(LIKELY | JSON_VALUES) for name in wanted}
    if "chat_id" in params and draw(st.booleans()):
        params["chat_id"] = FIRST_PERSON
    return method, params | draw(st.just({}) | st.dictionaries(st.text(max_size=5), JSON_VALUES, max_size=1))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(calls(), min_size=1, max_size=4), upload=st.booleans())
async def test_any_request_gets_an_answer(steps: list[tuple[str, dict[str, Any]]], upload: bool) -> None:
    world, ann = world_with_ann(sleep=at_once)
    await world.says(ann, "/start")
    for method, params in steps:
        if method == "setWebhook":
            continue
        status, body = await world.call(method, params, {"photo": PNG} if upload else {})
        answer = json.loads(body)
        assert answer["ok"] is (status == 200)
        assert status in (200, 400, 401, 403, 404, 409, 413)
        if answer["ok"]:
            described(method, answer["result"])
