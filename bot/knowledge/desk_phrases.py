"""The sentences of the organiser's desk, by name; readers never see them. Checked as those of `phrases` are."""

from collections.abc import Mapping
from enum import StrEnum


class DeskPhrase(StrEnum):
    TITLE = "desk.title"
    STATE_DRAFT = "desk.state-draft"
    STATE_SUBMITTED = "desk.state-submitted"
    STATE_APPROVED = "desk.state-approved"
    STATE_SCHEDULED = "desk.state-scheduled"
    STATE_SENDING = "desk.state-sending"
    STATE_PAUSED = "desk.state-paused"
    STATE_CORRECTING = "desk.state-correcting"
    STATE_RECALLING = "desk.state-recalling"
    STATE_FINISHED = "desk.state-finished"
    STATE_CANCELLED = "desk.state-cancelled"
    HOME = "desk.home"
    HOME_OPEN = "desk.home-open"
    HOME_OVER = "desk.home-over"
    HOME_NOTHING = "desk.home-nothing"
    LISTED = "desk.listed"
    ENTRY = "desk.entry"
    NEVER_MIND = "desk.never-mind"
    STOP_IT = "desk.stop-it"
    FINISHED = "desk.finished"
    SEND_ME = "desk.send-me"
    LEFT = "desk.left"
    ALBUM = "desk.album"
    CANNOT_CARRY = "desk.cannot-carry"
    NO_QUIZ = "desk.no-quiz"
    TOO_LONG = "desk.too-long"
    ALARM_IN_DRAFT = "desk.alarm-in-draft"
    REHEARSAL = "desk.rehearsal"
    SAYS = "desk.says"
    FILES = "desk.files"
    POLL = "desk.poll"
    EMPTY_YET = "desk.empty-yet"
    FOR = "desk.for"
    EVERYBODY = "desk.everybody"
    KIND_WEEK = "desk.kind-week"
    KIND_EVENTS = "desk.kind-events"
    KIND_ROLE = "desk.kind-role"
    READERS = "desk.readers"
    LEFT_OUT = "desk.left-out"
    OUT_OPTED_OUT = "desk.out-opted-out"
    OUT_UNREACHABLE = "desk.out-unreachable"
    OUT_NOT_OPTED_IN = "desk.out-not-opted-in"
    OUT_OTHER_KIND = "desk.out-other-kind"
    OUT_PAUSED = "desk.out-paused"
    OUT_NO_CELEBRATION = "desk.out-no-celebration"
    OUT_OTHER_ROLE = "desk.out-other-role"
    OUT_OTHER_REGION = "desk.out-other-region"
    OUT_OTHER_LANGUAGE = "desk.out-other-language"
    WHEN_APPROVED = "desk.when-approved"
    WHEN_AT = "desk.when-at"
    WHEN_READERS = "desk.when-readers"
    CLOCK = "desk.clock"
    TWICE = "desk.twice"
    QUIET = "desk.quiet"
    TIME = "desk.time"
    WEEKDAYS = "desk.weekdays"
    ASK_WHO = "desk.ask-who"
    ASK_WHEN = "desk.ask-when"
    SUGGESTED = "desk.suggested"
    PREVIEWED = "desk.previewed"
    TEAM_SENT = "desk.team-sent"
    TEAM_SHOWN = "desk.team-shown"
    NO_TEAM = "desk.no-team"
    WAITS = "desk.waits"
    WAITS_ALONE = "desk.waits-alone"
    NOBODY_APPROVES = "desk.nobody-approves"
    PLEASE_APPROVE = "desk.please-approve"
    NEEDS_YOU = "desk.needs-you"
    UNDO = "desk.undo"
    ASK_NOTE = "desk.ask-note"
    RETURNED = "desk.returned"
    RETURNED_NOTE = "desk.returned-note"
    APPROVED_TOLD = "desk.approved-told"
    CHANGED = "desk.changed"
    NOT_YOURS = "desk.not-yours"
    SECOND_PERSON = "desk.second-person"
    EMPTY = "desk.empty"
    TIME_PASSED = "desk.time-passed"
    NOBODY = "desk.nobody"
    ASK_DROP = "desk.ask-drop"
    BAR = "desk.bar"
    PROGRESS = "desk.progress"
    RATE = "desk.rate"
    TIME_LEFT = "desk.time-left"
    LEFT_OPEN = "desk.left-open"
    PAUSED_BECAUSE = "desk.paused-because"
    TALLY_BLOCKED = "desk.tally-blocked"
    TALLY_FAILED = "desk.tally-failed"
    TALLY_UNCERTAIN = "desk.tally-uncertain"
    TALLY_SKIPPED = "desk.tally-skipped"
    TALLY_CANCELLED = "desk.tally-cancelled"
    TALLY_EXPIRED = "desk.tally-expired"
    REPORT = "desk.report"
    REPORT_NONE = "desk.report-none"
    UNCERTAIN = "desk.uncertain"
    PLAN = "desk.plan"
    PLAN_NONE = "desk.plan-none"
    PLANNED = "desk.planned"
    PLANNED_EACH = "desk.planned-each"
    PLANNED_TEXT = "desk.planned-text"
    BUTTON_NEW = "desk.button-new"
    BUTTON_PLAN = "desk.button-plan"
    BUTTON_DESK = "desk.button-desk"
    BUTTON_TEXT = "desk.button-text"
    BUTTON_WHO = "desk.button-who"
    BUTTON_WHEN = "desk.button-when"
    BUTTON_LOOK = "desk.button-look"
    BUTTON_TEAM = "desk.button-team"
    BUTTON_SUBMIT = "desk.button-submit"
    BUTTON_APPROVE = "desk.button-approve"
    BUTTON_NOTE = "desk.button-note"
    BUTTON_RETURN = "desk.button-return"
    BUTTON_SCHEDULE = "desk.button-schedule"
    BUTTON_DROP = "desk.button-drop"
    BUTTON_DROP_YES = "desk.button-drop-yes"
    BUTTON_PAUSE = "desk.button-pause"
    BUTTON_RESUME = "desk.button-resume"
    BUTTON_REFRESH = "desk.button-refresh"
    BUTTON_RETRY = "desk.button-retry"
    BUTTON_UNCERTAIN = "desk.button-uncertain"
    BUTTON_AGAIN = "desk.button-again"
    BUTTON_BACK = "desk.button-back"
    BUTTON_NOW = "desk.button-now"
    BUTTON_ON = "desk.button-on"
    BUTTON_EVERYBODY = "desk.button-everybody"
    BUTTON_ROLES = "desk.button-roles"
    BUTTON_REGIONS = "desk.button-regions"
    BUTTON_LANGUAGES = "desk.button-languages"
    BUTTON_KINDS = "desk.button-kinds"
    BUTTON_TONE = "desk.button-tone"
    TONE_CHEERFUL = "desk.tone-cheerful"
    CHEERFUL = "desk.cheerful"
    BUTTON_MINE = "desk.button-mine"
    BUTTON_CANCEL = "desk.button-cancel"

    @property
    def gaps(self) -> frozenset[str]:
        """The names of the gaps that the code fills in this sentence."""
        return frozenset(_GAPS.get(self, "").split())


_GAPS: Mapping[DeskPhrase, str] = {
    DeskPhrase.TITLE: "id state",
    DeskPhrase.LISTED: "id state words",
    DeskPhrase.TOO_LONG: "most",
    DeskPhrase.SAYS: "words",
    DeskPhrase.FILES: "number",
    DeskPhrase.POLL: "words",
    DeskPhrase.FOR: "kind who",
    DeskPhrase.READERS: "number",
    DeskPhrase.OUT_OPTED_OUT: "number",
    DeskPhrase.OUT_UNREACHABLE: "number",
    DeskPhrase.OUT_NOT_OPTED_IN: "number",
    DeskPhrase.OUT_OTHER_KIND: "number",
    DeskPhrase.OUT_PAUSED: "number",
    DeskPhrase.OUT_NO_CELEBRATION: "number",
    DeskPhrase.OUT_OTHER_ROLE: "number",
    DeskPhrase.OUT_OTHER_REGION: "number",
    DeskPhrase.OUT_OTHER_LANGUAGE: "number",
    DeskPhrase.WHEN_AT: "time zone",
    DeskPhrase.WHEN_READERS: "times",
    DeskPhrase.CLOCK: "time place",
    DeskPhrase.TIME: "weekday day clock",
    DeskPhrase.TEAM_SENT: "number",
    DeskPhrase.TEAM_SHOWN: "id",
    DeskPhrase.NEEDS_YOU: "id reason",
    DeskPhrase.FINISHED: "id sent total",
    DeskPhrase.UNDO: "clock",
    DeskPhrase.RETURNED: "id",
    DeskPhrase.RETURNED_NOTE: "id note",
    DeskPhrase.APPROVED_TOLD: "id",
    DeskPhrase.BAR: "bar share",
    DeskPhrase.PROGRESS: "sent total",
    DeskPhrase.RATE: "number",
    DeskPhrase.TIME_LEFT: "minutes",
    DeskPhrase.LEFT_OPEN: "number",
    DeskPhrase.PAUSED_BECAUSE: "why",
    DeskPhrase.TALLY_BLOCKED: "number",
    DeskPhrase.TALLY_FAILED: "number",
    DeskPhrase.TALLY_UNCERTAIN: "number",
    DeskPhrase.TALLY_SKIPPED: "number",
    DeskPhrase.TALLY_CANCELLED: "number",
    DeskPhrase.TALLY_EXPIRED: "number",
    DeskPhrase.REPORT: "sent total",
    DeskPhrase.UNCERTAIN: "numbers",
    DeskPhrase.PLAN: "name dates",
    DeskPhrase.PLANNED: "title date",
    DeskPhrase.PLANNED_TEXT: "who words",
    DeskPhrase.BUTTON_RETRY: "number",
    DeskPhrase.BUTTON_UNCERTAIN: "number",
    DeskPhrase.BUTTON_ON: "name",
}
