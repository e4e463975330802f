"""How many queries a stage sends must not grow with the units: only what it does a file does."""

from tests.unit.made_rounds import driven_round

FEW, MANY = 5, 15
PER_BATCH = 6
"""More rows than a batch holds, or one more provider, may cost a few queries more."""

A_FILE = {"nhan-tep": 110, "tham-dinh": 0}
"""Stages that take files one by one, each in a transaction of its own: queries a file at most."""


def test_queries_do_not_grow_with_the_units() -> None:
    few, many = driven_round(FEW).most, driven_round(MANY).most
    assert set(few) == set(many)
    grown = {
        stage: (few[stage], many[stage])
        for stage in few
        if many[stage] > few[stage] + PER_BATCH + A_FILE.get(stage, 0) * (MANY - FEW)
    }
    assert not grown, grown
