"""A transfer is followed through few files: the walk that `python -m benchmarks.walk` prints."""

import pytest

from benchmarks.walk import draw_to_text, file_to_page


@pytest.fixture(scope="module")
def walked() -> list[str]:
    return draw_to_text()


def test_a_transfer_passes_through_few_files(walked: list[str]) -> None:
    """75 and 122 before files were chapters; a file that is added to the way takes another one's place."""
    assert len(walked) <= 45, walked


@pytest.mark.slow
def test_so_does_one_from_the_file_to_the_page() -> None:
    assert len(file_to_page()) <= 80


def test_the_walk_passes_where_a_transfer_is_decided(walked: list[str]) -> None:
    assert {"engine/router.py", "engine/offers.py", "engine/transfer.py", "metrics/requests.py"} <= set(
        walked
    )
    assert (
        walked.index("engine/transfer.py")
        < walked.index("metrics/requests.py")
        < walked.index("report/run.py")
    )
