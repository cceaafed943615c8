"""The workers of a Dask cluster, on as many machines as it has, through joblib's backend for it."""

import logging
import pickle
from collections import deque
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import CancelledError, Future
from functools import lru_cache, partial
from importlib import metadata
from time import monotonic
from typing import Any

from sim.errors import SimError

ANSWER_S = 10.0
"""How long to wait for the scheduler to answer and for a first worker to be there."""

PATIENCE_S = 60.0
"""How long to wait for another worker when the last one has gone."""

SAME = ("contact-routing-sim", "numpy")
"""The packages that must be of the same version everywhere, or the same seed might not give the same bytes."""


class ClusterPool:
    """The workers of the cluster whose scheduler listens at an address such as tcp://10.0.0.5:8786.

    Workers may join and leave; the cluster itself repeats the items of a lost one. Raises SimError where no
    scheduler answers, where there is no worker, where versions differ, and where dask is not installed.
    """

    def __init__(self, function: Callable[[Any], Any], address: str) -> None:
        self._function = _pickled(function)
        self._address = address
        self._client = _connected(address)
        self._news: deque[Mapping[str, Any]] = deque()
        self._client.subscribe_topic("all", lambda event: self._news.append(event[1]))
        self._backend = _backend(self._client)
        self._cores: dict[str, int] = {}
        self._last_seen = monotonic()
        self._count_workers()

    @property
    def size(self) -> int:
        """How many items the workers can do at the same time."""
        return sum(self._cores.values())

    def submit(self, item: Any, label: str) -> "Future[Any]":
        """Start an item; its future fails with SimError where several workers died of it."""
        from joblib.parallel import BatchedCalls

        # The item goes as bytes, as Dask would keep the only copy of an array on a worker that may die.
        task: tuple[Any, ...] = (_Named(label), (self._function, _pickled(item)), {})
        batch = BatchedCalls([task], self._backend.get_nested_backend())
        answer: Future[Any] = Future()
        self._backend.submit(batch, _ignore).add_done_callback(partial(self._settle, answer, label))
        return answer

    def result(self, future: "Future[Any]") -> Any:
        """Return the function's result for an item, or raise what it raised."""
        return future.result()

    def notice(self) -> str | None:
        """Describe the workers that died since the last call, with their items; None where there are none.

        Raises SimError where the last worker has gone and no other joins.
        """
        messages = []
        while self._news:
            event = self._news.popleft()
            if event.get("action") in ("add-worker", "remove-worker"):
                self._count_workers()
            if event.get("action") == "remove-worker" and not event.get("expected"):
                messages.append(_death_of(event))
        if not self.size and monotonic() > self._last_seen + PATIENCE_S:
            raise SimError(
                f"{self._address}: the last worker has gone and no other came for {PATIENCE_S:g} s"
            )
        return "\n".join(messages) or None

    def stop(self, under_way: "Collection[Future[Any]]") -> None:  # noqa: ARG002
        """Close the connection; the cluster drops the items that it has not begun."""
        self._backend.stop_call()
        self._client.close()

    def _count_workers(self) -> None:
        try:
            cores = dict(self._client.ncores())
            self._check_versions(cores.keys() - self._cores.keys())
        except OSError as error:
            raise _gone(self._address) from error
        self._cores = cores
        if cores:
            self._last_seen = monotonic()

    def _check_versions(self, workers: Collection[str]) -> None:
        for package in SAME if workers else ():
            ours = metadata.version(package)
            answers = self._client.run(_version_of(package), workers=list(workers), on_error="return")
            for worker, theirs in answers.items():
                if theirs != ours and isinstance(theirs, str | metadata.PackageNotFoundError):
                    found = theirs if isinstance(theirs, str) else "none"
                    raise SimError(
                        f"{worker}: this worker has {package} {found}, here it is {ours}; install the same"
                    )

    def _settle(self, answer: "Future[Any]", label: str, done: "Future[Any]") -> None:
        """Pass on the result or the error of an item; joblib gives some errors as results."""
        from distributed import KilledWorker

        try:
            answer.set_result(self._backend.retrieve_result_callback(done.result())[0])
        except CancelledError:
            answer.set_exception(_gone(self._address))
        except KilledWorker:
            answer.set_exception(
                SimError(f"{label}: one worker after the other died of it (killed, or out of memory)")
            )
        except Exception as raised:  # an error of the item's function there is raised here
            answer.set_exception(raised)


class _Named:
    """The call of an item's function under the item's label, which the cluster shows as the task's name."""

    def __init__(self, label: str) -> None:
        self._label = label

    def __call__(self, function: bytes, item: bytes) -> Any:
        return _built(function)(pickle.loads(item))

    def __str__(self) -> str:
        return self._label


def _pickled(value: Any) -> bytes:
    import cloudpickle

    data: bytes = cloudpickle.dumps(value)
    return data


@lru_cache(maxsize=4)
def _built(function: bytes) -> Callable[[Any], Any]:
    """Build the function, and the scenario it holds, once in each worker and not for every item."""
    built: Callable[[Any], Any] = pickle.loads(function)
    return built


def _death_of(event: Mapping[str, Any]) -> str:
    had = sorted(_label(key) for key in event.get("processing-tasks", ()))
    text = f"the worker {event.get('worker')} of the cluster died"
    return f"{text}; begun again elsewhere: {', '.join(had)}" if had else text


def _label(key: str) -> str:
    """Read an item's label from the name that joblib gave its task."""
    return key.removeprefix("batch_of_").rpartition("_1_calls-")[0]


def _connected(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise SimError("a cluster needs dask: pip install 'contact-routing-sim[cluster]'") from None
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what it logs is raised here
    _check_address(address)
    try:
        client = Client(address, timeout=ANSWER_S, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise SimError(f"{address}: no scheduler of a Dask cluster answers there ({error})") from error
    try:
        client.wait_for_workers(1, timeout=ANSWER_S)
    except OSError as error:
        client.close()  # type: ignore[no-untyped-call]
        why = _workerless(address) if isinstance(error, TimeoutError) else _gone(address)
        raise why from error
    return client


def _check_address(address: str) -> None:
    """Raise SimError for an address that cannot be a scheduler's.

    Dask notices it only when its client is half made, and that client then logs errors when it is dropped.
    """
    from distributed import Security
    from distributed.comm.addressing import get_address_host_port, parse_address

    try:
        get_address_host_port(address)
    except ValueError as error:
        raise SimError(
            f"{address}: is no address of a Dask scheduler ({error}); write tcp://HOST:PORT"
        ) from error
    secured = Security().get_connection_args("client").get("ssl_context")  # type: ignore[no-untyped-call]
    if parse_address(address)[0] in ("tls", "wss") and secured is None:
        raise SimError(
            f"{address}: needs certificates, and Dask's configuration (distributed.comm.tls) has none"
        )


def _workerless(address: str) -> SimError:
    return SimError(f"{address}: the cluster has no worker; start one: dask worker {address} --nthreads 1")


def _gone(address: str) -> SimError:
    return SimError(f"{address}: the scheduler of the cluster has gone")


def _backend(client: Any) -> Any:
    """Start joblib's backend for a cluster, so that it listens for results."""
    from joblib import parallel_config
    from joblib.parallel import get_active_backend

    with parallel_config(backend="dask", client=client):
        backend, _ = get_active_backend()
    backend.start_call()
    return backend


def _version_of(package: str) -> Any:
    """Return a function for a package's version that a worker can run without the simulator."""
    return partial(metadata.version, package)


def _ignore(_result: Any) -> None:
    """Ignore a result: joblib's backend requires a callback, but the future reports it already."""
