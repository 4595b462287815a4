"""When a broadcast pauses by itself."""

from bot.broadcast.health import EQUAL_REFUSALS, WINDOW, Health


def test_twenty_equal_refusals_in_a_row_pause() -> None:
    health = Health()
    told = [health.note(failed=True, refusal="chat not found") for _ in range(EQUAL_REFUSALS)]
    assert told[:-1] == [None] * (EQUAL_REFUSALS - 1)
    assert told[-1] is not None


def test_one_that_arrives_or_another_reason_ends_the_row() -> None:
    for failed, refusal in ((False, None), (True, "another reason")):
        health = Health()
        for _ in range(EQUAL_REFUSALS - 1):
            assert health.note(failed=True, refusal="chat not found") is None
        assert health.note(failed=failed, refusal=refusal) is None
        assert health.note(failed=True, refusal="chat not found") is None


def test_more_than_one_in_twenty_of_the_last_two_hundred_pauses() -> None:
    health = Health()
    most = WINDOW // 20
    for place in range(WINDOW):
        failed = place % 20 == 0
        assert health.note(failed=failed, refusal=f"reason {place}" if failed else None) is None
    assert sum(health.outcomes) == most
    # The oldest, a failure, falls out for this one; only the next is one too many.
    assert health.note(failed=True, refusal="a") is None
    assert health.note(failed=True, refusal="b") is not None


def test_few_are_no_share() -> None:
    health = Health()
    for place in range(WINDOW - 1):
        assert health.note(failed=True, refusal=f"reason {place}") is None
