"""A transfer is followed through few files: the walk that `python -m benchmarks.walk` prints."""

from benchmarks.walk import draw_to_text, file_to_page


def test_a_transfer_passes_through_few_files() -> None:
    """75 and 122 before files were chapters; a file that is added to the way takes another one's place."""
    assert len(draw_to_text()) <= 45
    assert len(file_to_page()) <= 80


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
