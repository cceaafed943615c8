"""The workers of a Dask cluster, on as many machines as it has."""

from collections.abc import Collection
from concurrent.futures import Future
from typing import Any

from sim.errors import SimError
from sim.experiments.pool import call


class ClusterPool:
    """The workers of the cluster whose scheduler listens at an address such as tcp://10.0.0.5:8786.

    Raises SimError where nothing answers there, and where dask is not installed.
    """

    def __init__(self, address: str) -> None:
        self._client = _client(address)
        self.size = sum(self._client.ncores().values())
        self._workers = set(self._client.ncores())

    def submit(self, function: bytes, item: Any, label: str) -> "Future[Any]":
        """Start an item; its future fails with BrokenExecutor where it ended several workers."""
        future: Future[Any] = self._client.get_executor(pure=False).submit(call, function, item)
        return future

    def notice(self) -> str | None:
        """Say which workers have gone; the cluster does what they had elsewhere."""
        return None

    def stop(self, under_way: "Collection[Future[Any]]") -> None:
        """Take back what is not begun yet."""
        for future in under_way:
            future.cancel()


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise SimError("a cluster needs the extra: pip install 'contact-routing-sim[cluster]'") from None
    return Client(address)  # type: ignore[no-untyped-call]
