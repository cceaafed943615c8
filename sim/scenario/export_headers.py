"""What the headers of an export say that its columns hold, in five languages."""

import re

PATTERNS: dict[str, tuple[str, ...]] = {
    "day": (
        r"(dates?|days?|weekdays?|days? of (the )?week|datum|tage?|wochentage?|fecha|d[ií]a|jour|dag|weekdag)"
        r"( de (la )?semaine)?$",
    ),
    "start": (
        r"interval start|start interval|interval$|intervall|intervalo|intervalle",
        r"start|beginn?\b|d[ée]but|inicio|hora de inicio|heure de d[ée]but",
        r"half hour|period|time of day|uhrzeit|tijd|heure$|hora$",
        r"(time|zeit|from|von|van|desde|hour|date time|timestamp|date)$",
    ),
    "aht": (
        r".*\b(aht|dmt|tmo)\b", r"(avg|average|mean)\b.*(handle|acd)", r".*handl(e|ing) time",
        r".*(bearbeitungszeit|afhandeltijd|dur[ée]e moyenne de traitement|tiempo medio)",
    ),
    "volume": (
        r".*\b(offer(ed)?|angeboten\w*|aangeboden|offert\w*|pr[ée]sent[ée]\w*|ofrecid\w*)\b",
        r".*(received|queued|forecast|expected|eingegangen|erwartet|prognose|re[cç]us?\b|entrant\w*|pr[ée]vision|"
        r"recibid|previst|pron[óo]stico|verwacht|voorspel)",
        r".*(volume|volumen)",
        r"(acd )?(calls|contacts|chats|anrufe|kontakte|appels|llamadas|contactos|gesprekken|oproepen|demand)\b",
    ),
    "channel": (r".*(channel|media type|medium|kanal|kanaal|canal)",),
    "queue": (
        r".*(queue|skill|contact type|ct name|split|warteschlange|wachtrij|file d attente|\bcola\b)",
        r"(group|service|campaign|team|gruppe|groep|grupo|groupe|servicio|dienst)",
    ),
}  # fmt: skip
"""Headers by what their columns hold, the likelier first; words in lower case, in five languages."""


def words_of(header: str) -> str:
    """Return the words of a header in lower case, without digits and marks."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    return " ".join(re.findall(r"[^\W\d_]+", apart)).lower()


def rank_of(header: str, role: str) -> int | None:
    """Return how likely a header is one of that role, 0 the most; None where it is none."""
    words = words_of(header)
    return next((i for i, pattern in enumerate(PATTERNS[role]) if re.match(pattern, words)), None)
