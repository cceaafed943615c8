"""Centres of any size, as scenarios."""

AGENTS = 100
LOAD = 0.9
"""Of each agent, whatever their number."""
SERVICE_S = 300.0
PATIENCE_S = 180.0
HOUR_S = 3600.0


def of_agents(contacts: int, agents: int) -> str:
    """Return a centre with one queue and one team."""
    return of_queues(contacts, 1, agents)


def of_queues(contacts: int, queues: int, agents: int = AGENTS) -> str:
    """Return a centre in which one team serves all queues."""
    skills = ", ".join(f"q{i}: 5" for i in range(queues))
    return _centre(contacts, queues, agents, f"  desk: {{agents: {agents}, skills: {{{skills}}}}}")


def of_teams(contacts: int, queues: int, agents: int = AGENTS) -> str:
    """Return a centre with a team for each queue, which helps out in the next one."""
    teams = [
        f"  t{i}: {{agents: {max(1, agents // queues)}, skills: {{q{i}: 7, q{(i + 1) % queues}: 3}}}}"
        for i in range(queues)
    ]
    return _centre(contacts, queues, agents, "\n".join(teams))


def of_waiting(contacts: int, waiting: int, policy: str = "") -> str:
    """Return a centre whose queue has about `waiting` customers all day: a quarter more arrive than are served.

    They arrive at once as the day begins; then arrivals and abandonments balance, and the number waiting settles
    where waiting / patience is that quarter. `policy` makes both decisions, where one is named.
    """
    served = AGENTS / SERVICE_S
    seconds = (contacts - waiting) / (1.25 * served)
    pieces = 1000
    at_once = (waiting + AGENTS) * HOUR_S * pieces / seconds
    rate = 1.25 * served * HOUR_S
    routing = f"routing: {{agent_selection: {policy}, request_selection: {policy}}}" if policy else ""
    return f"""{routing}
lasts: {seconds!r}
closing: clear_queues
media: {{voice: {{max_tasks: 1}}}}
channels: {{phone: {{medium: voice}}}}
queues:
  q0:
    medium: voice
    handle_time: {{exponential: {{mean: {SERVICE_S}}}}}
    patience: {{exponential: {{mean: {waiting / (0.25 * served)!r}}}}}
teams: {{desk: {{agents: {AGENTS}, skills: {{q0: 5}}}}}}
arrivals:
  - {{channel: phone, queue: q0, per_hour: {rate!r}}}
  - {{channel: phone, queue: q0, every: {seconds / pieces!r}, per_hour: {[at_once] + [0] * (pieces - 1)}}}
"""


def _centre(contacts: int, queues: int, agents: int, teams: str) -> str:
    rate = agents * LOAD / SERVICE_S
    spec = f"handle_time: {{exponential: {{mean: {SERVICE_S}}}}}, patience: {{exponential: {{mean: {PATIENCE_S}}}}}"
    of_queue = [f"  q{i}: {{medium: voice, {spec}}}" for i in range(queues)]
    arrivals = [
        f"  - {{channel: phone, queue: q{i}, per_hour: {rate / queues * HOUR_S!r}}}" for i in range(queues)
    ]
    head = f"lasts: {contacts / rate!r}\nmedia: {{voice: {{max_tasks: 1}}}}\nchannels: {{phone: {{medium: voice}}}}"
    return "\n".join([head, "queues:", *of_queue, "teams:", teams, "arrivals:", *arrivals])
