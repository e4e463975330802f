"""A copy of a piece of law with other values speaks of the other values only."""

from dti_core.framework.load import load_framework


def test_a_copy_forgets_what_was_worked_out_from_the_values_before() -> None:
    frame, full = load_framework("vinh-long-2554/so"), load_framework("vinh-long-mau/so")
    assert (len(frame.criteria), len(frame.rows), len(frame.by_code)) == (0, 0, 0)
    completed = frame.model_copy(update={"pillars": full.pillars})
    assert completed.criteria == full.criteria
    assert completed.rows == full.rows
    assert completed.by_code == full.by_code
    assert frame.criteria == ()
