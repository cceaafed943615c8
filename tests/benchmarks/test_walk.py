"""A transfer is followed through few files: the walk that `python -m benchmarks.walk` prints."""

from benchmarks.walk import draw_to_text, file_to_page


def test_a_transfer_passes_through_few_files() -> None:
    """75 and 122 before files were chapters; who adds one to the way takes another away.

    Desks are a chapter of 46, what is expected of 47, the choice of the engine is the 48th, a stream's shares of
    its queues the 49th; what waits at closing, while somebody is planned to be there, takes it to 53;
    the columns that figures are taken from to 54.
    """
    assert len(draw_to_text()) <= 51
    assert len(file_to_page()) <= 88


def test_the_walk_passes_where_a_transfer_is_decided() -> None:
    walked = draw_to_text()
    assert {"engine/router.py", "engine/offers.py", "engine/transfer.py", "metrics/requests.py"} <= set(
        walked
    )
    assert (
        walked.index("engine/transfer.py")
        < walked.index("metrics/requests.py")
        < walked.index("report/run.py")
    )
