"""Asking policies of one's own: they are shown views, held to what they were shown, and asked twice."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.engine.policy_views import SeenAgent, SeenCentre, SeenRequest
from sim.policies import AgentSelection, PolicyError, RequestSelection, Rule, name_of

if TYPE_CHECKING:
    from sim.engine.context import Context
    from sim.engine.desk import Desk
    from sim.engine.request import Request
    from sim.engine.roster import Team


class Consulting:
    """Puts the two decisions to policies that do not rank by a key.

    Raises PolicyError, with the moment and the request, where a policy raises, answers with something that it
    was not shown, or answers otherwise when it is asked the same again.
    """

    def __init__(self, agents: AgentSelection, requests: RequestSelection, context: "Context") -> None:
        self._agents = agents
        self._requests = requests
        self._times_agents = 1 if is_known(agents) else 2
        self._times_requests = 1 if is_known(requests) else 2
        self._seen: dict[Desk, SeenAgent] = {}
        self._view = SeenCentre(context.clock, context.queues)

    def know(self, teams: "Mapping[str, Team]") -> None:
        """Show policies the teams."""
        self._view.staff(teams)

    def agent(
        self, request: "Request", step: int, candidates: Sequence["Desk"], uniform: float
    ) -> "Desk | None":
        """Ask the policy to choose among the candidates of a step, counted from 1."""
        view, agents = self._request(request, step), tuple(map(self._agent, candidates))
        chosen = _asked(
            lambda: self._agents.choose(view, agents, uniform), agents, self._times_agents,
            lambda: _about(request, "agent selection", self._agents),
        )  # fmt: skip
        return None if chosen is None else candidates[chosen]

    def request(self, desk: "Desk", waiting: Sequence["Request"]) -> "Request | None":
        """Ask the policy to choose among the requests that an agent may take."""
        agent = self._agent(desk)
        views = tuple(self._request(request, own_step(desk, request)) for request in waiting)
        chosen = _asked(
            lambda: self._requests.choose(agent, views), views, self._times_requests,
            lambda: _about(waiting[0], "request selection", self._requests) + f", for {desk.name}",
        )  # fmt: skip
        return None if chosen is None else waiting[chosen]

    def allows(self, rule: Rule, request: "Request", step: int) -> bool:
        """Ask a rule whether a request may be offered to the agents of a step, counted from 1."""
        view = SeenRequest(request, step, self._view)
        if self._times_agents == 1:  # nothing of one's own to be caught
            return rule.allows(view)

        def about() -> str:
            return _about(request, "agent selection", self._agents)

        answers: set[bool] = {
            bool(one) for one in _answers(lambda: rule.allows(view), self._times_agents, about)
        }
        if len(answers) > 1:
            raise PolicyError(f"{about()}: is not deterministic: allowed it once, and not when asked again")
        return answers.pop()

    def _request(self, request: "Request", step: int) -> SeenRequest:
        return SeenRequest(request, step, self._view)

    def _agent(self, desk: "Desk") -> SeenAgent:
        if desk not in self._seen:
            self._seen[desk] = SeenAgent(desk, self._view)
        return self._seen[desk]


def is_known(policy: Any) -> bool:
    """Whether it is asked once: those that come with the package are known to give the same answer again."""
    parts = (getattr(policy, name, None) for name in ("rule", "then"))
    own = type(policy).__module__.startswith("sim.policies.")
    return own and all(part is None or is_known(part) for part in parts)


def own_step(desk: "Desk", request: "Request") -> int:
    """Return the first step of the request's queue that an agent belongs to, counted from 1."""
    steps = request.queue.opened[-1]
    return next(number for number, pools in enumerate(steps, 1) if desk.pool in pools)


def _asked(
    ask: Callable[[], object], quoted: Sequence[object], times: int, about: Callable[[], str]
) -> int | None:
    """Ask and return the place of the answer among what was shown."""
    answers = _answers(ask, times, about)
    places = [_place(quoted, answer) for answer in answers]
    for place, answer in zip(places, answers, strict=True):
        if place is None and answer is not None:
            raise PolicyError(f"{about()}: answered {_words(answer)}, none of {_all_words(quoted)}")
    if places[0] != places[-1]:
        first, second = _words(answers[0]), _words(answers[-1])
        raise PolicyError(f"{about()}: is not deterministic: answered {first}, and {second} when asked again")
    return places[0]


def _answers(ask: Callable[[], object], times: int, about: Callable[[], str]) -> list[Any]:
    try:
        return [ask() for _ in range(times)]
    except Exception as error:
        raise PolicyError(f"{about()}: raised {type(error).__name__}: {error}") from error


def _place(quoted: Sequence[object], one: object) -> int | None:
    """Find the very thing, by identity."""
    return next((place for place, other in enumerate(quoted) if other is one), None)


def _about(request: "Request", decision: str, policy: object) -> str:
    now = request.clock.now
    what = f"{request.kind} request {request.id} to {request.queue.name}"
    return f"{now:.1f} s after opening, {what}: {decision} {name_of(policy)}"


def _words(answer: object) -> str:
    if isinstance(answer, SeenAgent):
        return answer.name
    if isinstance(answer, SeenRequest):
        return f"request {answer.id}"
    return "nobody" if answer is None else repr(answer)[:60]


def _all_words(quoted: Sequence[object]) -> str:
    names = [_words(one) for one in quoted]
    return ", ".join([*names[:8], *(["..."] if len(names) > 8 else [])])
