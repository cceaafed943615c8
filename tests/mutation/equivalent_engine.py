"""Changes of the engine's Python code that no test can tell from it, each with the reason."""

OF_ENGINE: dict[tuple[str, str, str], str] = {
    (
        "sim/engine/head_counts.py",
        "if surplus <= 0:",
        "if surplus < 0:",
    ): "of a surplus of 0 nobody is sent away",
    (
        "sim/engine/compiled/staff_rows.py",
        '"stints": np.array([*self._stints, (0.0, 0.0, 0, 0, False, False, STAYS)], given("StintGiven")),',
        '"stints": np.array([*self._stints, (0.0, 0.0, 0, 1, False, False, STAYS)], given("StintGiven")),',
    ): "a row behind the last one, which is never read",
    (
        "sim/engine/policy_views.py",
        "capacity += len(present) * service_rate(self._queue, present[0].agent.team, present[0])",
        "capacity += len(present) * service_rate(self._queue, present[0].agent.team, present[ -1])",
    ): "the desks of a pool are of one team and medium",
    (
        "sim/engine/attendance.py",
        'if self._required == "available":',
        'if self._required <= "available":',
    ): "`logged_in` and `off` come after it by their letters",
    (
        "sim/engine/compiled/layout.py",
        'prefix = members[0].split("_", 1)[0] + "_"',
        'prefix = members[0].split("_", 2)[0] + "_"',
    ): "the part before the first `_` is the same",
    (
        "sim/engine/policy_views.py",
        "while waiting and waiting[0][1] != waiting[0][2].ticket:",
        "while waiting and waiting[0][1] is not waiting[0][2].ticket:",
    ): "a ticket that is the same number is the same object",
    (
        "sim/engine/engines.py",
        'if wanted == "simpy":',
        'if wanted >= "simpy":',
    ): "`auto` and `compiled` come before it by their letters",
    (
        "sim/engine/compiled/queue_rows.py",
        'row["at_most"] = row["handover_time"] = row["set_up_time"] = -1',
        'row["at_most"] = row["handover_time"] = row["set_up_time"] = - 2',
    ): "whatever is below 0 is none",
    (
        "sim/engine/request.py",
        "self.offer_token = 0",
        "self.offer_token = -1",
    ): "no entry of the calendar has a number below 1",
    (
        "sim/engine/router.py",
        "request.offer_token = request.ttl_token = request.limit_token = 0",
        "request.offer_token = request.ttl_token = request.limit_token = -1",
    ): "no entry of the calendar has a number below 1, and nobody asks an ended search for its limit",
    (
        "sim/engine/tomorrow.py",
        "offsets = [0.0, *(number * every_s - first for number in inside if number * every_s < self.lasts)]",
        "offsets = [0.0, *(number * every_s - first for number in inside if number * every_s != self.lasts)]",
    ): "the numbers gone through stop before the end",
    (
        "sim/engine/compiled/support.py",
        "KEPT = 64",
        "KEPT = 63",
    ): "it is how many answers are kept for the next question",
    (
        "sim/engine/compiled/staff_rows.py",
        'return {"agents": agents, "desks": desks, "paces": np.array([*paces, 0.0])}',
        'return {"agents": agents, "desks": desks, "paces": np.array([*paces, -1.0])}',
    ): "a number behind the last one, which is never read",
    (
        "sim/engine/compiled/staff_rows.py",
        '"stints": np.array([*self._stints, (0.0, 0.0, 0, 0, False, False, STAYS)], given("StintGiven")),',
        '"stints": np.array([*self._stints, (0.0, 1.0, 0, 0, False, False, STAYS)], given("StintGiven")),',
    ): "a row behind the last one, which is never read",
    (
        "sim/engine/compiled/staff_rows.py",
        '"heads": np.array([*self._heads, (0, 0, 0, 0)], given("HeadsGiven")),',
        '"heads": np.array([*self._heads, (0, 1, 0, 0)], given("HeadsGiven")),',
    ): "a row behind the last one, which is never read",
    (
        "sim/engine/selection.py",
        "ranked = (-pool.skills.get(queue, 0), entry)",
        "ranked = (-pool.skills.get(queue, -1), entry)",
    ): "a skill is 1 at least, so that who lacks it comes last either way",
    (
        "sim/engine/selection.py",
        "ranked = (-pool.skills.get(queue, 0), entry)",
        "ranked = (~pool.skills.get(queue, 0), entry)",
    ): "1 less for all, in the same order",
    (
        "sim/engine/roster.py",
        "queue.transfer is not None and queue.transfer.named > 0 for queue in scenario.queues.values()",
        "queue.transfer is not None and queue.transfer.named > -1 for queue in scenario.queues.values()",
    ): "an index for drawing one is kept, and nobody draws",
    (
        "sim/engine/roster.py",
        "if agent.home is team and (len(agent.seats) > 1 or not absent(team, agent, workload)):",
        "if agent.home is team and (len(agent.seats) >= 1 or not absent(team, agent, workload)):",
    ): "seats are noted of who is in several teams: there are two at least, or none",
    (
        "sim/engine/handling.py",
        "if wrap_up > 0:",
        "if wrap_up != 0:",
    ): "no wrap-up is below 0",
    (
        "sim/engine/clock.py",
        "ENDED, FAILED = -1, -2",
        "ENDED, FAILED = -1, ~2",
    ): "no entry of the calendar has a number below 1, and -3 is not -1 either",
    (
        "sim/engine/invariants.py",
        "if queue.waiting and queue.pull is None and queue.available():",
        "if queue.waiting or queue.pull is None and queue.available():",
    ): "looked through are also lines in which nobody waits or for which nobody is free: nothing is found there",
    (
        "sim/engine/router.py",
        "if request.state != QUEUED:",
        "if request.state < QUEUED:",
    ): "a request that does not wait has no step that is timed",
    (
        "sim/engine/handling.py",
        "self.token = 0",
        "self.token = 1",
    ): "the first entry of the calendar is the end of the run, and no handling asks before its first wait",
    (
        "sim/engine/customer.py",
        "self._asleep = False",
        "self._asleep = True",
    ): "whoever wakes sets it themselves, and a conversation ends once",
    (
        "sim/engine/conversation.py",
        "if self.whispers_per_minute() <= 0 or self.outcome is not None:",
        "if self.whispers_per_minute() == 0 or self.outcome is not None:",
    ): "no rate is below 0",
    (
        "sim/engine/compiled/day.py",
        "while self._blocks > 2 * MADE:",
        "while self._blocks >= 2 * MADE:",
    ): "a block that is gone is made again",
    (
        "sim/engine/selection.py",
        "if levels[0] != levels[1]:",
        "if levels[0] is not levels[1]:",
    ): "levels are small whole numbers, and equal ones the same object",
    (
        "sim/engine/desk.py",
        "if len(heap) > pool.most:",
        "if len(heap) is not pool.most:",
    ): "it is swept more often",
    (
        "sim/engine/invariants.py",
        "if queue.waiting and queue.pull is None and queue.available():",
        "if queue.waiting and queue.pull is None or queue.available():",
    ): "looked through are also lists and lines in which nobody waits: they have no entries that count",
    (
        "sim/engine/policy_views.py",
        "while waiting and waiting[0][1] != waiting[0][2].ticket:",
        "while waiting and waiting[0][1] > waiting[0][2].ticket:",
    ): "who is put back has a later ticket and was placed at the same moment",
    (
        "sim/engine/head_counts.py",
        "self._count = 0",
        "self._count = 1",
    ): "nobody is there whose leaving would call another one before the first count",
    (
        "sim/engine/compiled/world.py",
        'self.values |= {"whisper_gap": self.numbering.draw(GAP), "supervisors": -1}',
        'self.values |= {"whisper_gap": self.numbering.draw(GAP), "supervisors": - 0}',
    ): "without supervision the share that is looked into is 0, and so is the rate of whispers",
    (
        "sim/engine/compiled/row_tables.py",
        "ROWS = 8192",
        "ROWS = 8191",
    ): "rows are handed over in pieces of any size",
    (
        "sim/engine/clock.py",
        "self.token = 0",
        "self.token = 1",
    ): "the first entry of the calendar is the end of the run, which wakes no process",
    (
        "sim/engine/queue.py",
        "elif barred and desk.agent in barred:",
        "elif barred or desk.agent in barred:",
    ): "the best that is not barred is found first there as well",
    (
        "sim/engine/conversation.py",
        "return 0",
        "return -1",
    ): "the numbers of tasks begin above either",
    (
        "sim/engine/tomorrow.py",
        "offsets = [0.0, *(number * every_s - first for number in inside if number * every_s < self.lasts)]",
        "offsets = [0.0, *(number * every_s - first for number in inside if number * every_s <= self.lasts)]",
    ): "the numbers gone through stop before the end",
    (
        "sim/engine/compiled/day.py",
        "labels, queues = np.zeros(len(given) + 1, np.uint64), np.zeros(len(given) + 1, np.uint64)",
        "labels, queues = np.zeros(len(given) + 0, np.uint64), np.zeros(len(given) + 1, np.uint64)",
    ): "a place behind the last one, which is never read",
    (
        "sim/engine/pull.py",
        "if desk.tasks >= desk.max_tasks or desk.agent in self._queue.full:",
        "if desk.tasks is desk.max_tasks or desk.agent in self._queue.full:",
    ): "nobody has more tasks than slots, and equal small numbers are the same object",
    (
        "sim/engine/clock.py",
        "frame = sys._getframe(1)",
        "frame = sys._getframe( 2)",
    ): "who asks is called by a turn, and is none",
    (
        "sim/engine/supervision.py",
        'barges_in = self._spec.barge_in > 0 and customer.uniform("barge_in", 0) < self._spec.barge_in',
        'barges_in = self._spec.barge_in > -1 and customer.uniform("barge_in", 0) < self._spec.barge_in',
    ): "no number is below a share of 0",
    (
        "sim/engine/pull.py",
        "if request.state == QUEUED:",
        "if request.state is QUEUED:",
    ): "equal small numbers are the same object",
    (
        "sim/engine/compiled/queue_rows.py",
        '"rooms": np.array([*spans, (0, 0, 0)], structs()["RoomGiven"]),',
        '"rooms": np.array([*spans, (0, -1, 0)], structs()["RoomGiven"]),',
    ): "a row behind the last one, which is never read",
    (
        "sim/engine/customer.py",
        "PACK_EVERY = 4096",
        "PACK_EVERY = 4097",
    ): "customers are packed in pieces of any size",
    (
        "sim/engine/dated_roster.py",
        "if end > 0 and (number >= 0 or start < 0):",
        "if end > -1 and (number >= 0 or start < 0):",
    ): "a stint that is over at the opening is passed",
    (
        "sim/engine/compiled/simulation.py",
        "ended = self._ended[0]",
        "ended = self._ended[ -1]",
    ): "there is one row",
    (
        "sim/engine/roster.py",
        "begins_away: bool = False",
        "begins_away: bool = True",
    ): "who is there all day and comes away without a break is back at the same instant",
    (
        "sim/engine/queue.py",
        "self.most += 4",
        "self.most += 3",
    ): "the heap of free desks is swept at another length",
    (
        "sim/engine/whisper.py",
        "self.token = 0",
        "self.token = 1",
    ): "the first entry of the calendar is the end of the run, and the rate is drawn before any",
    (
        "sim/engine/compiled/support.py",
        "_found.popitem(last=False)",
        "_found.popitem(last=True)",
    ): "a scenario that is forgotten is looked through again",
    (
        "sim/engine/consulting.py",
        "return places[0]",
        "return places[ -1]",
    ): "an answer that is another when asked again is refused before",
    (
        "sim/engine/compiled/staff_rows.py",
        '"head_steps": np.array([*self._steps, (0.0, 0, 0, 0)], given("HeadStep")),',
        '"head_steps": np.array([*self._steps, (0.0, 0, 1, 0)], given("HeadStep")),',
    ): "a row behind the last one, which is never read",
    (
        "sim/engine/router.py",
        "if request.state == QUEUED:",
        "if request.state is QUEUED:",
    ): "equal small numbers are the same object",
    (
        "sim/engine/compiled/simulation.py",
        "return -1",
        "return - 2",
    ): "the library takes whatever is not 0 for a failure",
    (
        "sim/engine/pauses.py",
        "if self._agent.off_reason == PAUSE:",
        "if self._agent.off_reason is PAUSE:",
    ): "the reason of a pause is that very word",
    (
        "sim/engine/compiled/simulation.py",
        "self._available = np.zeros(len(day.world.queues) + 1, np.int32)",
        "self._available = np.zeros(len(day.world.queues) // 1, np.int32)",
    ): "a place behind the last one, which is never read",
}
"""By module, line before and line after."""
