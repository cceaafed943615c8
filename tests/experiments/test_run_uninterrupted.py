"""Ctrl-C waits for the end of a shielded block, and then takes effect."""

import os
import signal
import threading

import pytest

from sim.experiments.replications import shielded


def test_ctrl_c_waits_for_the_end_of_the_block() -> None:
    done: list[str] = []

    def work() -> None:
        with shielded():
            os.kill(os.getpid(), signal.SIGINT)
            done.append("all of it")
        done.append("not this")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["all of it"]


def test_afterwards_ctrl_c_is_as_it_was() -> None:
    usual = signal.getsignal(signal.SIGINT)
    with pytest.raises(ValueError, match="mine"), shielded():
        raise ValueError("mine")
    assert signal.getsignal(signal.SIGINT) is usual


def test_other_threads_need_no_shield() -> None:
    done: list[str] = []

    def work() -> None:
        with shielded():
            done.append("done")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == ["done"]
