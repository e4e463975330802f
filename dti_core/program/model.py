"""A program: everything that a province decides about its evaluation, as data."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StrictInt, StringConstraints, model_validator

from dti_core.framework.model import Slug
from dti_core.framework.rules import Strict
from dti_core.program.policies import Policies

Level = Literal["tinh", "so", "huyen", "xa"]
RoundName = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}(-[a-z0-9]+)*$")]


class Dated(Strict):
    """A date and the clause or decision that sets it."""

    on: date
    basis: str


class Unit(Strict):
    """A unit of the province: assessed at its level, or without one only asked for figures.

    agency        the agency of the decree that it is
    parent        the unit above it
    since, until  bound its existence; `predecessors` came before it
    address       where its contact is written to, by the default channel
    head_address  where its head is, likewise
    channels      the contact's addresses on other channels by the channel's name, {zalo: "…"}: a
                  message takes the first that is set up, then `address`
    """

    id: Slug
    name: str
    level: Level | None = None
    agency: Slug | None = None
    parent: Slug | None = None
    address: str | None = None
    head_address: str | None = None
    channels: dict[Slug, str] = Field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    predecessors: tuple[Slug, ...] = ()


class Round(Strict):
    """One evaluation round (đợt đánh giá).

    evaluation_year      the year that the figures speak of
    data_from, data_to   the window that they count in
    opens, closes        when units give them
    explain_by           the last day for explanations
    illustration         what every output must say where the round is nobody's official result
    data                 figures published elsewhere, read from the program's folder
    prior                figures of the year before, likewise
    """

    id: RoundName
    title: str
    evaluation_year: StrictInt
    data_from: Dated
    data_to: Dated
    opens: Dated
    closes: Dated
    explain_by: Dated | None = None
    levels: tuple[Level, ...]
    units: tuple[Slug, ...] = ()
    illustration: str | None = None
    data: tuple[str, ...] = ()
    prior: str | None = None

    @model_validator(mode="after")
    def _order(self) -> "Round":
        if self.data_from.on > self.data_to.on or self.opens.on > self.closes.on:
            raise ValueError("ngày bắt đầu phải trước ngày kết thúc")
        return self


class Letterhead(Strict):
    """Who issues the round's papers, in the boxes of Nghị định 30/2020/NĐ-CP, Phụ lục I."""

    parent: str
    issuer: str
    place: str
    signer: str
    file_code: str


class DecisionPaper(Strict):
    """How the decision of publication is headed, grounded and signed."""

    issuer: tuple[str, ...]
    symbol: str
    place: str
    signer: tuple[str, ...]
    competence: str
    grounds: tuple[str, ...]
    proposer: str
    proposal: str
    executors: str
    recipients: tuple[str, ...] = ()


class Program(Strict):
    """A province's binding of decree, units, rounds and policies."""

    id: Slug
    name: str
    decree: str
    frameworks: dict[Level, str]
    organiser: Slug
    publisher: str
    letterhead: Letterhead
    decision: DecisionPaper | None = None
    units: tuple[Unit, ...] = Field(min_length=1)
    policies: Policies = Policies()
    rounds: tuple[Round, ...] = Field(min_length=1)
    folder: Path
    sha256: str

    @model_validator(mode="after")
    def _references(self) -> "Program":
        known = set(self.unit)
        for one in self.rounds:
            if stray := set(one.units) - known:
                raise ValueError(f"đợt {one.id} nêu đơn vị lạ: {sorted(stray)}")
            if stray_levels := set(one.levels) - set(self.frameworks):
                raise ValueError(f"đợt {one.id}: cấp {sorted(stray_levels)} chưa có bộ chỉ số")
        return self

    @cached_property
    def unit(self) -> Mapping[str, Unit]:
        return {unit.id: unit for unit in self.units}

    def round(self, name: str) -> Round:
        """Raises KeyError for an unknown round."""
        return {each.id: each for each in self.rounds}[name]

    def units_of(self, round_: Round) -> tuple[Unit, ...]:
        """The units that a round assesses: those it names, else all of its levels that exist."""
        if round_.units:
            return tuple(self.unit[each] for each in round_.units)
        at = round_.data_to.on
        return tuple(
            unit
            for unit in self.units
            if unit.level in round_.levels
            and (unit.since is None or unit.since <= at)
            and (unit.until is None or unit.until >= at)
        )
