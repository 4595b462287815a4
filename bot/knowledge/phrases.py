"""The sentences the conversation says, by name. Their words stand in `<language>/phrasebook.yaml`, one home for each.

`check` refuses a phrasebook that lacks one, holds one that is never said, or names a gap that the code does not fill.
"""

from collections.abc import Mapping
from enum import StrEnum


class Phrase(StrEnum):
    START_WHAT = "start.what"
    START_MACHINE = "start.machine"
    START_ASK = "start.ask"
    START_FAMILY = "start.family"
    START_PRACTICE = "start.practice"
    START_POLICY = "start.policy"
    START_EMPLOYER = "start.employer"
    START_COMMUNITY = "start.community"
    START_LOOKING = "start.looking"
    MENU = "menu.intro"
    ROLE_WHICH = "role.which"
    ROLE_KNOWN = "role.known"
    REGION_WHICH = "region.which"
    REGION_NOTED = "region.noted"
    OTHER_TOPICS = "topics.other"
    NOTHING_MORE = "topics.nothing-more"
    DID_YOU_MEAN = "topics.did-you-mean"
    DID_YOU_MEAN_THIS = "topics.did-you-mean-this"

    CHOICE_FIRST = "choice.first"
    CHOICE_SECOND = "choice.second"
    CHOICE_THIRD = "choice.third"

    BUTTON_MORE = "button.more"
    BUTTON_SIGNS = "button.signs"
    BUTTON_BACK = "button.back"
    BUTTON_OTHER_TOPICS = "button.other-topics"
    BUTTON_PERSON = "button.person"
    BUTTON_HELPFUL = "button.helpful"
    BUTTON_NOT_HELPFUL = "button.not-helpful"
    BUTTON_CHANGE_REGION = "button.change-region"
    BUTTON_CHANGE_ROLE = "button.change-role"
    BUTTON_MENU = "button.menu"
    BUTTON_MY_ROLE = "button.my-role"
    BUTTON_WEEK = "button.week"
    BUTTON_PREVIOUS_WEEKS = "button.previous-weeks"
    BUTTON_RELATED_WEEKS = "button.related-weeks"
    BUTTON_URGENT = "button.urgent"
    BUTTON_NONE_OF_THESE = "button.none-of-these"
    BUTTON_OR = "button.or"
    BUTTON_HOW = "button.how"
    BUTTON_LINKS = "button.links"
    BUTTON_KEEP = "button.keep"
    BUTTON_KEEP_NOT = "button.keep-not"
    BUTTON_FORGET = "button.forget"
    BUTTON_FORGET_YES = "button.forget-yes"
    BUTTON_FORGET_NO = "button.forget-no"
    BUTTON_IN_DANGER = "button.in-danger"
    BUTTON_NO_DANGER = "button.no-danger"
    BUTTON_WITH_SOMEONE = "button.with-someone"
    BUTTON_MORE_HELP = "button.more-help"
    BUTTON_UPDATES = "button.updates"
    BUTTON_PRIVATE = "button.private"
    BUTTON_GONE = "button.gone"
    BUTTON_STOP = "button.stop"
    TAB_CHOSEN = "button.tab-chosen"

    PHASE_BEFORE = "phase.before"
    PHASE_DURING = "phase.during"
    PHASE_AFTER = "phase.after"
    PHASE_ALL_YEAR = "phase.all-year"
    ACTION_WHY = "action.why"
    ACTION_HOW = "action.how"
    RESOURCES_HEADING = "resources.heading"

    URGENT_NOW = "urgent.now"
    URGENT_TODAY = "urgent.today"
    EMERGENCY_ANYWHERE = "emergency.anywhere"
    HELP_HEADING = "help.heading"
    HELP_MEANWHILE = "help.meanwhile"
    WHERE_UNKNOWN = "help.where-unknown"
    LIST_OR = "list.or"
    LIST_AND = "list.and"
    HELPLINE_REACH = "helpline.reach"
    HELPLINE_CALL = "helpline.call"
    HELPLINE_CALL_OR_TEXT = "helpline.call-or-text"
    HELPLINE_TEXT = "helpline.text"
    HELPLINE_TEXT_WORD = "helpline.text-word"
    HELPLINE_CHAT = "helpline.chat"
    HELPLINE_WEBSITE = "helpline.website"
    HELPLINE_WEBSITE_ONLY = "helpline.website-only"
    HELPLINE_HOURS_UNKNOWN = "helpline.hours-unknown"
    HELPLINE_SEEN = "helpline.seen"
    HELPLINE_UNDATED = "helpline.undated"
    HELPLINE_CHECKED = "helpline.checked"
    HELPLINE_STAR_NOTE = "helpline.star-note"

    SOURCE_FROM = "source.from"
    SOURCE_DATED = "source.dated"
    SOURCE_CHECKED = "source.checked"
    SOURCE_UNCHECKED = "source.unchecked"
    SOURCE_UNREAD = "source.unread"
    SOURCE_NO_CLINICIAN = "source.no-clinician"
    DATE_DAY = "date.day"
    DATE_SPAN = "date.span"
    DATE_MONTHS = "date.months"

    WEEK_RUNNING = "week.running"
    WEEK_COMING = "week.coming"
    WEEK_WAS = "week.was"
    WEEK_UNKNOWN = "week.unknown"
    WEEK_LAST_KNOWN = "week.last-known"
    WEEK_THEME = "week.theme"
    WEEK_NO_THEME = "week.no-theme"
    WEEK_HASHTAGS = "week.hashtags"
    WEEK_NO_HASHTAGS = "week.no-hashtags"
    WEEK_NO_EVENTS = "week.no-events"
    WEEK_NO_PLEDGE = "week.no-pledge"
    WEEK_EDITION = "week.edition"
    WEEK_DAILY_TOPICS = "week.daily-topics"
    WEEK_HAPPENED = "week.happened"
    WEEK_TAKE_PART = "week.take-part"
    OBSERVANCE_LINE = "observance.line"
    OBSERVANCE_WHEN = "observance.when"
    OBSERVANCE_ORGANISER = "observance.organiser"
    OBSERVANCE_UNCONFIRMED = "observance.unconfirmed"
    OBSERVANCE_UNKNOWN = "observance.unknown"
    OBSERVANCE_HELD = "observance.held"

    ALARM_CALL_NOW = "alarm.call-now"
    ALARM_MORE = "alarm.more"
    ALARM_NOT_NOW = "alarm.not-now"
    ALARM_MISREAD = "alarm.misread"
    WITH_SOMEONE = "alarm.with-someone"
    GROUP_HELP = "group.help"
    GROUP_PRIVATE = "group.private"

    KEEP_ROLE = "keep.role"
    KEEP_REGION = "keep.region"
    KEEP_DONE = "keep.done"
    KEEP_NOT = "keep.not"
    PRIVACY_TITLE = "privacy.title"
    PRIVACY_NOT_KEPT = "privacy.not-kept"
    PRIVACY_KEPT_A_DAY = "privacy.kept-a-day"
    PRIVACY_KEPT_AFTER_YES = "privacy.kept-after-yes"
    PRIVACY_UPDATES = "privacy.updates"
    PRIVACY_WISHES = "privacy.wishes"
    PRIVACY_SENT = "privacy.sent"
    PRIVACY_TELEGRAM = "privacy.telegram"
    PRIVACY_RIGHTS = "privacy.rights"
    MY_DATA_TITLE = "my-data.title"
    MY_DATA_NOTHING = "my-data.nothing"
    MY_DATA_ROLE = "my-data.role"
    MY_DATA_REGION = "my-data.region"
    MY_DATA_LAST = "my-data.last"
    MY_DATA_LOSS = "my-data.loss"
    MY_DATA_ALARM = "my-data.alarm"
    MY_DATA_KEEP_NOT = "my-data.keep-not"
    MY_DATA_NO_CONTACT = "my-data.no-contact"
    MY_DATA_CONTACT = "my-data.contact"
    MY_DATA_CHAT = "my-data.chat"
    MY_DATA_CONSENT = "my-data.consent"
    MY_DATA_STOPPED = "my-data.stopped"
    MY_DATA_PAUSED = "my-data.paused"
    MY_DATA_SPARED = "my-data.spared"
    MY_DATA_SENT = "my-data.sent"
    MY_DATA_RIGHTS = "my-data.rights"
    FORGET_ASK = "forget.ask"
    FORGET_DONE = "forget.done"
    FORGET_NOT = "forget.not"
    STOP_DONE = "stop.done"

    UPDATES_TITLE = "updates.title"
    UPDATES_INTRO = "updates.intro"
    UPDATES_KEPT = "updates.kept"
    UPDATES_WEEK = "updates.week"
    UPDATES_EVENTS = "updates.events"
    UPDATES_ROLE = "updates.role"
    UPDATES_ON = "updates.on"
    UPDATES_OFF = "updates.off"
    UPDATES_TURN_ON = "updates.turn-on"
    UPDATES_TURN_OFF = "updates.turn-off"
    UPDATES_STOP_ALL = "updates.stop-all"
    UPDATES_CHOOSE = "updates.choose"
    UPDATES_PAUSED = "updates.paused"
    UPDATES_PAUSE_UNTIL = "updates.pause-until"
    UPDATES_RESUME = "updates.resume"
    UPDATES_PAUSE_WHEN = "updates.pause-when"
    UPDATES_NOTHING_SENT = "updates.nothing-sent"
    UPDATES_QUIET = "updates.quiet"
    UPDATES_QUIET_UNKNOWN = "updates.quiet-unknown"
    UPDATES_ROLE_UNKNOWN = "updates.role-unknown"
    UPDATES_SPARED = "updates.spared"
    UPDATES_SPARE = "updates.spare"
    UPDATES_SPARE_NOT = "updates.spare-not"
    UPDATES_SPARE_ASK = "updates.spare-ask"
    UPDATES_SPARE_YES = "updates.spare-yes"
    UPDATES_ASK = "updates.ask"
    UPDATES_ASK_YES = "updates.ask-yes"
    UPDATES_NOT = "updates.not"
    UPDATES_NOTED_ON = "updates.noted-on"
    UPDATES_NOTED_OFF = "updates.noted-off"
    UPDATES_ELSEWHERE = "updates.elsewhere"
    WISH_SHOW = "wish.show"
    WISH_TELL = "wish.tell"
    WISH_START = "wish.start"
    WISH_STOP = "wish.stop"
    WISH_DOUBTFUL = "wish.doubtful"
    WISH_SENT = "wish.sent"
    WISH_ONLY = "wish.only"
    WISH_PAUSE = "wish.pause"
    WISH_RESUME = "wish.resume"
    WISH_WEEK = "wish.week"
    WISH_EVENTS = "wish.events"
    WISH_ROLE = "wish.role"
    WISH_CELEBRATION = "wish.celebration"
    WISH_ALL = "wish.all"
    WISH_THEM = "wish.them"
    WISH_BEFORE = "wish.before"
    WISH_AFTER = "wish.after"
    WISH_AROUND_NAME = "wish.around-name"
    WISH_UNTIL = "wish.until"
    WISH_FOR = "wish.for"
    WISH_NUMBERS = "wish.numbers"
    WISH_UNITS = "wish.units"
    WISH_SOON = "wish.soon"
    WISH_WEEKDAYS = "wish.weekdays"
    ABOUT_WHAT = "about.what"
    ABOUT_MACHINE = "about.machine"
    ABOUT_SOURCES = "about.sources"
    ABOUT_LIMITS = "about.limits"
    PERSON_INTRO = "person.intro"
    RATED_HELPFUL = "rated.helpful"
    RATED_NOT_HELPFUL = "rated.not-helpful"
    THANKS = "polite.thanks"
    YES_TO_WHAT = "polite.yes"
    NO_IS_FINE = "polite.no"

    DECLINE_UNKNOWN = "decline.unknown"
    DECLINE_MEDICINE = "decline.medicine"
    DECLINE_DIAGNOSIS = "decline.diagnosis"
    DECLINE_LEGAL = "decline.legal"
    DECLINE_OFF_TOPIC = "decline.off-topic"
    DECLINE_LANGUAGE = "decline.language"
    DECLINE_GIBBERISH = "decline.gibberish"
    DECLINE_INSULT = "decline.insult"
    DECLINE_INJECTION = "decline.injection"
    DECLINE_TOO_LONG = "decline.too-long"
    MEDIA_VOICE = "media.voice"
    MEDIA_STICKER = "media.sticker"
    MEDIA_PERSONAL = "media.personal"
    MEDIA_OTHER = "media.other"
    APOLOGY = "apology"

    COMMAND_START = "command.start"
    COMMAND_HELP = "command.help"
    COMMAND_URGENT = "command.urgent"
    COMMAND_WEEK = "command.week"
    COMMAND_ROLE = "command.role"
    COMMAND_REGION = "command.region"
    COMMAND_ABOUT = "command.about"
    COMMAND_PRIVACY = "command.privacy"
    COMMAND_MYDATA = "command.mydata"
    COMMAND_UPDATES = "command.updates"
    COMMAND_STOP = "command.stop"
    COMMAND_FORGET = "command.forget"
    COMMAND_UNKNOWN = "command.unknown"

    @property
    def gaps(self) -> frozenset[str]:
        """The names of the gaps that the code fills in this sentence."""
        return _GAPS.get(self, frozenset())


_GAPS: Mapping[Phrase, frozenset[str]] = {
    phrase: frozenset(gaps.split())
    for phrase, gaps in {
        Phrase.BUTTON_OR: "title",
        Phrase.BUTTON_HOW: "number",
        Phrase.TAB_CHOSEN: "name",
        Phrase.REGION_NOTED: "region",
        Phrase.ROLE_KNOWN: "name",
        Phrase.ACTION_WHY: "why",
        Phrase.ACTION_HOW: "how",
        Phrase.RESOURCES_HEADING: "role",
        Phrase.URGENT_NOW: "title number",
        Phrase.HELP_HEADING: "where",
        Phrase.HELP_MEANWHILE: "where",
        Phrase.HELPLINE_REACH: "name ways",
        Phrase.HELPLINE_CALL: "number",
        Phrase.HELPLINE_CALL_OR_TEXT: "number",
        Phrase.HELPLINE_TEXT: "number",
        Phrase.HELPLINE_TEXT_WORD: "word number",
        Phrase.HELPLINE_WEBSITE: "name site",
        Phrase.HELPLINE_WEBSITE_ONLY: "name site",
        Phrase.HELPLINE_SEEN: "site date star",
        Phrase.HELPLINE_UNDATED: "site star",
        Phrase.HELPLINE_CHECKED: "site date",
        Phrase.HELPLINE_STAR_NOTE: "star",
        Phrase.SOURCE_FROM: "sources",
        Phrase.SOURCE_DATED: "name date",
        Phrase.SOURCE_CHECKED: "date",
        Phrase.SOURCE_UNCHECKED: "date",
        Phrase.SOURCE_UNREAD: "date",
        Phrase.DATE_DAY: "day month year",
        Phrase.DATE_SPAN: "first last",
        Phrase.WEEK_RUNNING: "name dates",
        Phrase.WEEK_COMING: "name dates",
        Phrase.WEEK_WAS: "name dates",
        Phrase.WEEK_UNKNOWN: "years page",
        Phrase.WEEK_LAST_KNOWN: "when",
        Phrase.WEEK_THEME: "theme",
        Phrase.WEEK_HASHTAGS: "hashtags",
        Phrase.WEEK_NO_HASHTAGS: "name",
        Phrase.WEEK_EDITION: "year dates theme",
        Phrase.OBSERVANCE_LINE: "name when",
        Phrase.OBSERVANCE_WHEN: "when",
        Phrase.OBSERVANCE_ORGANISER: "organiser",
        Phrase.OBSERVANCE_UNCONFIRMED: "said",
        Phrase.OBSERVANCE_UNKNOWN: "years",
        Phrase.ALARM_CALL_NOW: "number",
        Phrase.ALARM_NOT_NOW: "number",
        Phrase.ALARM_MISREAD: "number",
        Phrase.GROUP_HELP: "number",
        Phrase.GROUP_PRIVATE: "number",
        Phrase.KEEP_ROLE: "name",
        Phrase.KEEP_REGION: "name",
        Phrase.MY_DATA_ROLE: "value",
        Phrase.MY_DATA_REGION: "value",
        Phrase.MY_DATA_LAST: "value",
        Phrase.MY_DATA_CHAT: "value",
        Phrase.MY_DATA_CONSENT: "what date",
        Phrase.MY_DATA_STOPPED: "date",
        Phrase.MY_DATA_PAUSED: "date",
        Phrase.MY_DATA_SPARED: "date",
        Phrase.PRIVACY_UPDATES: "kinds",
        Phrase.UPDATES_ON: "kind date",
        Phrase.UPDATES_OFF: "kind",
        Phrase.UPDATES_TURN_ON: "kind",
        Phrase.UPDATES_TURN_OFF: "kind",
        Phrase.UPDATES_PAUSED: "date",
        Phrase.UPDATES_PAUSE_UNTIL: "date",
        Phrase.UPDATES_QUIET: "begins ends where zones",
        Phrase.UPDATES_QUIET_UNKNOWN: "begins ends",
        Phrase.UPDATES_ASK: "kind",
        Phrase.UPDATES_NOTED_ON: "kinds",
        Phrase.UPDATES_NOTED_OFF: "kinds",
        Phrase.APOLOGY: "number",
    }.items()
}
