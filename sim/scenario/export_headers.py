"""What the headers of an export say that its columns hold, in five languages."""

import re

PATTERNS: dict[str, tuple[str, ...]] = {
    "day": (
        r"(dates?|days?|weekdays?|days? of (the )?week|datum|tage?|wochentage?|fecha|d[ií]a|jour|dag|weekdag)"
        r"( de (la )?semaine)?$",
        r"(start|begin|interval|report|call|contact|calendar|business|forecast|local) ?(date|day)$|date (local|utc)$",
    ),
    "start": (
        r"interval start|start interval|interval$|intervall|intervalo|intervalle|(tranche|plage)( horaire)?$|"
        r"tijdvak|franja|zeitraum",
        r"start|beginn?\b|d[ée]but|inicio|hora de inicio|heure de d[ée]but",
        r"half hour|period|time of day|uhrzeit|tijd|heure$|hora$",
        r"(time|zeit|from|von|van|desde|hour|date time|timestamp|date)$",
    ),
    "volume": (
        r".*\b(offer(ed)?|angeboten\w*|aangeboden|offert\w*|pr[ée]sent[ée]\w*|ofrecid\w*)\b",
        r".*(received|queued|forecast|fcst|expected|eingegangen|erwartet|prognose|re[cç]us?\b|entrant\w*|pr[ée]vision|"
        r"recibid|previst|pron[óo]stico|verwacht|voorspel)",
        r".*(volume|volumen)",
        r"((acd|actual|total|inbound|incoming|eingehende|number of|no of|anzahl|nombre d|n[uú]mero de|aantal) )?"
        r"(calls|contacts|chats|anrufe|kontakte|appels|llamadas|contactos|gesprekken|oproepen|demand)\b",
    ),
    "aht": (
        r".*\b(aht|dmt|tmo)\b",
        r"(avg|average|mean)\b.*handle",
        r".*handl(e|ing) time|.*(bearbeitungszeit|afhandeltijd|dur[ée]e moyenne de traitement|tiempo medio)",
        r"att$|(avg|average|mean|gem(iddelde)?|durchschnittliche|dur[ée]e moyenne)\b.*"
        r"\b(acd|talk|task|gespr[äe]chs\w*|gespreks\w*|conversation)",
    ),
    "wrap_up": (
        r".*\b(acw|wrap ?up|after (call|contact|chat|task) (work|time)|nachbearbeitung\w*|nawerk\w*|post appel)\b",
    ),
    "channel": (r".*(channel|media type|medium|kanal|kanaal|canal)",),
    "queue": (
        r".*\b(queue|skill|csq|split|contact type|ct) name",
        r".*(queue|contact type|split|warteschlange|wachtrij|file d attente|\bcola\b)",
        r".*skill",
        r"(group|service|campaign|team|gruppe|groep|grupo|groupe|servicio|dienst)",
    ),
}  # fmt: skip
"""Headers by what their columns hold, the likelier first; words in lower case."""
PER_HOUR = r"\b(per|pro|par|por) (hour|stunde|heure|hora|uur)\b"
NO_FIGURE = (
    r"varian\w*|deviation|diff|difference|error|abweichung|stdev|sd|cumul\w*|kumul\w*|percent|accuracy"
)
OF_OTHERS: dict[str, str] = {
    "volume": r"agent\w*|fte|staff|heads?|mitarbeiter|medewerkers|\w*wait\w*|wartezeit|attente|espera|sl|"
    r"service ?level|asa|occupancy|time|rate|abandon\w*|aban|acw|wrap|callbacks?|transfer\w*|outbound|capacity|"
    + PER_HOUR + "|" + NO_FIGURE,
    "aht": r"\w*wait\w*|warte\w*|wacht\w*|attente|espera|aban\w*|speed|ring\w*|respuesta|" + NO_FIGURE,
    "wrap_up": NO_FIGURE,
}  # fmt: skip
"""Words of headers that are figures of something else than their role, whatever else they say."""
GOAL = (
    r"\b(target|goal|threshold|soll|ziel\w*|objecti[fv]|objetivo|doel|ly|last year|previous|prior|vorjahr|baseline)\b|"
    r"^(max(imum)?|min(imum)?|longest|shortest)\b"
)
"""Words of what is aimed at, of extremes and of another year, which come after what is."""
MEDIA = r"\b(voice|phone|calls?|chats?|e ?mails?|sms|social|messag\w*|web|anrufe|appels|llamadas)\b"
NUMBER = r"\b(id|ids|no|nr|number|key|code|u?uid|guid|nummer|n[uú]mero)$"
MEAN = r"\b(avg|average|mean|aht|att|dmt|tmo|durchschnitt\w*|mittlere|moyenne|medio|media|gem|gemiddelde?|per|ø)\b"
TALK = r"\b(acd|att|talk|task|conversa\w*|gespr[äe]chs\w*|gespreks\w*)\b"
ANSWERED = r"\b(handled|answered|acd|angenommen\w*|beantwoord\w*|trait[ée]s?|d[ée]croch[ée]s?|atendid\w*)\b"
THOUSANDS = re.compile(r"\(\W?000s?\)|\b000s\b|\b(thousands?|tsd|tausend)\b|\(k\)", re.IGNORECASE)
KINDS = {
    "forecast": r"\b(forecast\w*|fcst|fc|expected|predicted|plan(ned)?|prognose|erwartet\w*|pr[ée]vision\w*|"
    r"pr[ée]vus?|previst\w*|pron[óo]stico|verwacht\w*|voorspel\w*)\b",
    "actual": r"\b(actuals?|act|ist|r[ée]els?|r[ée]alis\w*|reales?|werkelijke?|gerealiseerd\w*)\b",
}


def words_of(header: str) -> str:
    """Return the words of a header in lower case, without digits and marks."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    return " ".join(re.findall(r"[^\W\d_]+", apart)).lower()


def says(header: str, pattern: str) -> bool:
    """Return whether a pattern is found in the words of a header."""
    return re.search(pattern, words_of(header)) is not None


def rank_of(header: str, role: str) -> tuple[bool, bool, int] | None:
    """Return how likely a header is one of that role, the lowest the most; None where it is none.

    A goal comes after what it is the goal of, a number after the name that goes with it.
    """
    words = words_of(header)
    found = next((i for i, pattern in enumerate(PATTERNS[role]) if re.match(pattern, words)), None)
    if found is None or (role in OF_OTHERS and "%" in header):
        return None
    if role in OF_OTHERS and re.search(rf"\b({OF_OTHERS[role]})\b", words):
        return None
    if role in ("volume", "wrap_up") and rank_of(header, "aht") is not None:
        return None
    return re.search(GOAL, words) is not None, re.search(NUMBER, words) is not None, found


def kind_of(header: str) -> str:
    """Return whether the figures of a column are `forecast` or `actual`; nothing where its header does not say."""
    return next((kind for kind, pattern in KINDS.items() if says(header, pattern)), "")


def is_without_wrap_up(header: str) -> bool:
    """Return whether a handle time is that of talking alone, as Avaya's `Avg ACD Time` is."""
    has_all = re.search(r"aht|dmt|tmo|handl|bearbeit|afhandel|traitement|operaci", words_of(header))
    return says(header, r"\b(excl\w*|without|ohne|sans|sin|zonder)\b") or (not has_all and says(header, TALK))


def is_in_thousands(header: str) -> bool:
    """Return whether a header says that its contacts are counted in thousands."""
    return THOUSANDS.search(header) is not None
