"""A day's draws and contacts, as the compiled engine reads them: in place, and asked for where they are not there."""

from typing import Any

import numpy as np

from sim.engine.compiled.layout import address, names, rows
from sim.engine.compiled.staff_rows import roster_of
from sim.engine.compiled.world import NEVER, Array, World
from sim.engine.customer import Source
from sim.workload import Choice, Stream, Workload
from sim.workload.draws import Draw
from sim.workload.seeds import KEPT, BlockColumn

UNIFORMS = names("Uniform")

MADE = KEPT // 2
"""Blocks that are made at once at most; of a column twice as many are kept."""
STEPS = np.arange(MADE)


class Day:
    """What one day adds to its world: who comes, customers and agents, and every draw that they may need.

    `alive` are the arrays of draws that the engine was given.
    """

    def __init__(self, world: World, workload: Workload, sources: list[Source]) -> None:
        self.world = world
        self.workload = workload
        self.answer = rows("ColumnGiven", 1)
        # Views, as a field of a row costs ten times as much to set.
        self._whole, self._in_blocks = self.answer["whole"], self.answer["blocks"]
        self._sources = sources
        self._draws = list(world.numbering.draws)
        self._blocks: dict[tuple[int, int, int, int], _Blocks] = {}
        self._alive: list[Any] = []
        roster = roster_of(world, workload)
        self.arrays = roster.handed_in | self._contacts()
        self.arrays["constants"] = np.array([_constant(draw) for draw in self._draws])
        self.values = roster.sizes | {
            "n_sources": len(sources),
            "n_draws": len(self._draws),
            "n_agent_draws": len(world.numbering.agent_draws) + 1,
            "n_contacts": len(self.arrays["times"]),
        }

    # Contacts.

    def _contacts(self) -> dict[str, Array]:
        given = rows("SourceGiven", len(self._sources))
        labels, queues = np.zeros(len(given) + 1, np.uint64), np.zeros(len(given) + 1, np.uint64)
        label_numbers = {None: -1} | {name: i for i, name in enumerate(self.world.scenario.labels)}
        for i, (row, source) in enumerate(zip(given, self._sources, strict=True)):
            stream = source.draws.stream
            self._source(row, source)
            if stream.written_labels:
                labels[i] = self._kept([label_numbers[label] for label in source.labels])
            elif stream.label_shares:
                labels[i] = self._picked(stream, "label", stream.label_choice, label_numbers)
            if stream.queue_shares:
                queues[i] = self._picked(stream, "queue", stream.queue_choice, self.world.queue_numbers)
        order = self.workload.order()
        return {
            "sources": given,
            "labels": labels,
            "queues_asked": queues,
            # As they are: copies would be the only memory that grows with the contacts of a day without tables.
            "times": np.asarray(order.times),
            "streams": np.asarray(order.streams, np.int64),
            "contacts": np.asarray(order.contacts, np.int64),
        }

    def _source(self, row: Any, source: Source) -> None:
        scenario, stream, bot = self.world.scenario, source.draws.stream, source.self_service
        channel = scenario.channels[source.channel]
        row["channel"] = self.world.channels.index(source.channel)
        row["medium"] = self.world.media.index(channel.medium)
        row["ttl"] = NEVER if channel.request_ttl is None else channel.request_ttl
        row["identified"], row["certain"] = source.identified, source.draws.certain
        row["code"] = self.world.stream_codes[source.name]
        row["queue"], row["self_service"] = self.world.queue_numbers[stream.queue], -1
        if bot is not None:
            row["contained"], row["self_service"] = bot.contained, len(self._draws)
            self._draws.append(source.self_service_time)

    def _picked(self, stream: Stream, purpose: str, choice: Choice[Any], numbers: Any) -> int:
        uniforms = np.asarray(stream.draws.uniforms(purpose))
        return self._kept(np.array([numbers[name] for name in choice.names])[choice.places(uniforms)])

    def _kept(self, codes: Any) -> int:
        coded = np.array(codes, np.int32)
        self._alive.append(coded)
        return address(coded)

    # Draws.

    def column(self, is_value: int, source: int, number: int, k: int, block: int) -> None:
        """Answer with a column of draws or, where it is made block by block, make one of its blocks."""
        place = is_value, source, number, k
        if block >= 0:
            self._blocks[place].make(block)
            return
        draws = self._sources[source].draws
        column = (
            draws.value_column(self._draws[number], k)
            if is_value
            else draws.uniform_column(UNIFORMS[number], k)
        )
        if isinstance(column, BlockColumn):
            blocks = self._blocks[place] = _Blocks(column)
            self._whole[0], self._in_blocks[0] = 0, address(blocks.table)
            self.answer[0]["shift"] = column.block_size.bit_length() - 1
        else:
            numbers = np.asarray(column)
            self._alive.append(numbers)
            self._whole[0], self._in_blocks[0] = address(numbers), 0

    def agent_draws(self, agent: int, what: int, k: int) -> None:
        """Answer with the numbers of an agent, so that the k-th is among them."""
        one = self.world.agents[agent]
        draws = self.workload.agents
        if what:
            purpose, law = self.world.numbering.agent_draws[what - 1]
            numbers = draws.values(*one.address, purpose, law, k)
        else:
            numbers = draws.uniforms(*one.address, "join", k)
        array = np.array(numbers)
        self._alive.append(array)
        self.answer[0]["whole"], self.answer[0]["n"] = address(array), len(array)


class _Blocks:
    """The blocks of a column that are there, as `table` has their addresses.

    Where they are asked for in turn more and more are made at once, as each time of asking costs as much as a thousand
    numbers.
    """

    __slots__ = ("_blocks", "_column", "_kept", "_made", "_next", "table")

    def __init__(self, column: BlockColumn) -> None:
        self.table = np.zeros(column.blocks, np.uint64)
        self._column = column
        self._kept: dict[int, Array] = {}
        self._made = self._next = self._blocks = 0

    def make(self, block: int) -> None:
        """Make a block, and those that are likely to be asked for next."""
        column, table = self._column, self.table
        wanted = max(1, min(2 * self._made, MADE, len(table) - block)) if block == self._next else 1
        there = np.flatnonzero(table[block : block + wanted])
        self._made = int(there[0]) if len(there) else wanted
        self._next = block + self._made
        made = column.make_block(block, self._made)
        table[block : self._next] = address(made) + made.itemsize * column.block_size * STEPS[: self._made]
        self._kept[block] = made
        self._blocks += self._made
        while self._blocks > 2 * MADE:
            oldest = next(iter(self._kept))
            gone = -(-len(self._kept.pop(oldest)) // column.block_size)
            table[oldest : oldest + gone] = 0
            self._blocks -= gone


def _constant(draw: Draw) -> float:
    return NEVER if draw.constant is None else draw.constant
