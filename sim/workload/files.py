"""A workload as one file: numpy's npz, without pickle, so that reading one never runs code.

Draws are not stored but drawn again from the seeds; arrival times and given values are stored as they are.
"""

import json
import math
import os
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.errors import SimError
from sim.scenario import Scenario
from sim.workload.by_hand import unknown
from sim.workload.draws import ContactDraws
from sim.workload.seeds import Seeds
from sim.workload.workload import Recorded, Stream, Workload, draws_address

_FORMAT = "contact workload 1"
MOST_BYTES = 2_000_000_000
"""Unpacked: a hundred million arrivals and what each was given."""
Arrays: TypeAlias = dict[str, npt.NDArray[Any]]


def save(workload: Workload, path: Path) -> None:
    """Write the file under another name, then rename it, so that it is complete or absent."""
    arrays: Arrays = {}
    head = {
        "format": _FORMAT,
        "numpy": np.__version__,  # columns drawn again by another numpy need not be the same to the last bit
        "seed": workload.seed,
        "replication": workload.replication,
        "streams": [_packed(stream, str(i), arrays) for i, stream in enumerate(workload.streams)],
    }
    arrays["head"] = np.frombuffer(json.dumps(head).encode(), dtype=np.uint8)
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **arrays)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def load(path: Path, scenario: Scenario) -> Workload:
    """Read what `save` wrote. Raises SimError where it cannot be read, or where the scenario lacks a name."""
    head, arrays = _read(path)
    try:
        seeds = Seeds(_whole(head["seed"]), _whole(head["replication"]))
        streams = tuple(_unpacked(told, str(i), arrays, seeds) for i, told in enumerate(head["streams"]))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError):
        raise SimError(f"{path}: is not a workload as it was saved; draw and save it again") from None
    mistakes = [f"{path}: {what}" for stream in streams for what in _strangers(stream, scenario)]
    if mistakes:
        raise SimError("\n".join(dict.fromkeys(mistakes)))
    return Workload.of(streams, seeds, scenario)


def _packed(stream: Stream, prefix: str, arrays: Arrays) -> dict[str, Any]:
    """Describe a stream, and put its arrays into `arrays` under names that begin with `prefix`."""
    arrays[f"{prefix}.times"] = stream.times
    if stream.draws.handle_scale is not None:
        arrays[f"{prefix}.scale"] = stream.draws.handle_scale
    given = [(purpose, column) for purpose, columns in stream.draws.given.items() for column in columns]
    for i, (_, values) in enumerate(given):
        arrays[f"{prefix}.given.{i}"] = values
    names = sorted({label for label in stream.written_labels if label is not None})
    if names:
        codes = {None: -1} | {name: i for i, name in enumerate(names)}
        arrays[f"{prefix}.labels"] = np.array(
            [codes[label] for label in stream.written_labels], dtype=np.int32
        )
    return {
        "name": stream.name,
        "channel": stream.channel,
        "queue": stream.queue,
        "entry": stream.entry,
        "label_shares": list(stream.label_shares.items()),
        "queue_shares": list(stream.queue_shares.items()),
        "written_labels": names,
        "recorded": [(i, *one) for i, one in enumerate(stream.recorded) if one is not None],
        "given": [purpose for purpose, _ in given],
    }


def _unpacked(told: Mapping[str, Any], prefix: str, arrays: Arrays, seeds: Seeds) -> Stream:
    if not all(isinstance(told[key], str) for key in ("name", "channel", "queue", "entry")):
        raise TypeError
    times = _column(arrays[f"{prefix}.times"])
    if (np.diff(times) < 0).any():
        raise ValueError
    scale = arrays.get(f"{prefix}.scale")
    if scale is not None:
        _column(scale, times.size)
    address = draws_address(told["name"], told["entry"])
    given: dict[str, list[npt.NDArray[np.float64]]] = {}
    for i, purpose in enumerate(told["given"]):
        given.setdefault(purpose, []).append(_column(arrays[f"{prefix}.given.{i}"], times.size))
    names = [str(name) for name in told["written_labels"]]
    codes = arrays[f"{prefix}.labels"].tolist() if names else []
    if names and (len(codes) != times.size or not min(codes, default=0) >= -1):
        raise ValueError
    return Stream(
        recorded=_recorded(told.get("recorded", ()), times.size),
        name=told["name"],
        channel=told["channel"],
        queue=told["queue"],
        entry=told["entry"],
        times=times,
        draws=ContactDraws(seeds, address, times.size, given, scale),
        label_shares={str(name): float(share) for name, share in told["label_shares"]},
        queue_shares={str(name): float(share) for name, share in told.get("queue_shares", ())},
        written_labels=tuple(names[code] if code >= 0 else None for code in codes),
    )


def _recorded(told: Sequence[Sequence[Any]], size: int) -> tuple[Recorded | None, ...]:
    """Read what is recorded of some contacts. Raises ValueError and IndexError for what is not as it was written."""
    found: list[Recorded | None] = [None] * size if told else []
    for place, to, after_s, agent in told:
        if not all(isinstance(name, str | None) for name in (to, agent)):
            raise ValueError
        if not (after_s is None or (isinstance(after_s, float) and 0 <= after_s < math.inf)):
            raise ValueError
        found[_whole(place)] = Recorded(to, after_s, agent)
    return tuple(found)


def _read(path: Path) -> tuple[dict[str, Any], Arrays]:
    try:
        with path.open("rb") as raw:
            _check_size(raw, path)
            with np.load(raw, allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
        head = json.loads(arrays["head"].tobytes())
    except OSError as error:
        raise SimError(f"{path}: cannot be read: {error.strerror or error}") from None
    except _NO_WORKLOAD:
        raise SimError(f"{path}: is not a saved workload") from None
    if not isinstance(head, dict) or head.get("format") != _FORMAT:
        raise SimError(f"{path}: is not a saved workload of this version ({_FORMAT})")
    return head, arrays


def _check_size(raw: BinaryIO, path: Path) -> None:
    """Raise SimError for a small file that would unpack to a huge one."""
    with zipfile.ZipFile(raw) as packed:
        size = sum(part.file_size for part in packed.infolist())
    if size > MOST_BYTES:
        raise SimError(f"{path}: has more than {MOST_BYTES // 1_000_000} MB; save fewer arrivals in one file")
    raw.seek(0)


_NO_WORKLOAD = (
    ValueError, KeyError, TypeError, EOFError, AttributeError, RecursionError, MemoryError, NotImplementedError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What numpy and zipfile raise for a file that is none of theirs, is torn or tells of more than it holds."""


def _column(values: npt.NDArray[Any], size: int | None = None) -> npt.NDArray[np.float64]:
    """Return an array of numbers, one a contact. Raises ValueError where it is another."""
    if values.ndim != 1 or values.dtype != np.float64 or (size is not None and values.size != size):
        raise ValueError
    return values


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError
    return value


def _strangers(stream: Stream, scenario: Scenario) -> Iterable[str]:
    if stream.channel not in scenario.channels:
        yield unknown("channel", stream.channel, scenario.channels)
    for queue in stream.queue_shares or (stream.queue,):
        if queue not in scenario.queues:
            yield unknown("queue", queue, scenario.queues)
    for to in dict.fromkeys(one.transfer_to for one in stream.recorded if one is not None):
        if to is not None and to not in scenario.queues:
            yield unknown("queue", to, scenario.queues)
    labels = {*stream.label_shares, *(label for label in stream.written_labels if label is not None)}
    for label in sorted(labels - set(scenario.labels)):
        yield unknown("label", label, scenario.labels)
