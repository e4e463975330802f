"""A program: everything that a province decides about its evaluation, as data."""

from collections.abc import Mapping
from datetime import date, time
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt, StringConstraints, model_validator

from dti_core.framework.model import OWN_INDEX, Code, Slug
from dti_core.framework.rules import Strict
from dti_core.program.appraisal import Appraisal
from dti_core.program.policies import Policies
from dti_core.program.ranking import Exemption, KeptOut, RankGroup
from dti_core.program.recurring import Recurring

Level = Literal["tinh", "so", "huyen", "xa"]
RoundName = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}(-[a-z0-9]+)*$")]


class Dated(Strict):
    """A date and the clause or decision that sets it."""

    on: date
    basis: str


class Letterhead(Strict):
    """Who issues the round's papers, in the boxes of Nghị định 30/2020/NĐ-CP, Phụ lục I.

    head    the issuer's name line by line, where it does not stand well on one
    signer  in what capacity it is signed, a line each
    """

    parent: str | None = None
    issuer: str
    head: tuple[str, ...] = ()
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


class Unit(Strict):
    """A unit of the province: assessed at its level, or without one only asked for figures.

    agency        the agency of the decree that it is
    parent        the unit above it
    since, until  bound its existence; `predecessors` came before it
    address       where its contact is written to, by the default channel
    head_address  where its head is, likewise
    channels      the contact's addresses on other channels by the channel's name, {zalo: "…"}: a
                  message takes the first that is set up, then `address`
    traits        what it is or lacks; exemptions are proposed by them (`Exemption.trait`)
    exempt        exemption → the rows for which it is proposed, where the exemption names none
    voluntary     takes part of its own will (2554/QĐ-UBND, Phạm vi áp dụng 2): scored, not ranked
    letterhead, decision  how its own papers look, where it runs a round of its own (sub-round)
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
    traits: tuple[Slug, ...] = ()
    exempt: dict[Slug, tuple[Code, ...]] = Field(default_factory=dict)
    voluntary: StrictBool = False
    letterhead: Letterhead | None = None
    decision: DecisionPaper | None = None


class SubRounds(Strict):
    """A level whose units are collected, scored and ranked by the unit above them first, each in a
    sub-round of its own (2074/QĐ-UBND, III.2b), and appraised by the organiser afterwards.

    title       of each, with {unit} for the unit above
    closes, explain_by  dates of the sub-rounds, where they are not the round's
    due         the last day on which the unit above hands its result over
    frameworks  parent → the framework that it set for its own units (2001/QĐ-UBND, V.1)
    """

    title: str
    basis: str
    due: Dated
    closes: Dated | None = None
    explain_by: Dated | None = None
    frameworks: dict[Slug, str] = Field(default_factory=dict)


class Round(Strict):
    """One evaluation round (đợt đánh giá).

    evaluation_year      the year that the figures speak of
    data_from, data_to   the window that they count in
    opens, closes        when units give them
    explain_by           the last day for explanations
    appraise_by          the last day for appraisers
    petition_by          the last day for petitions about the provisional result
    publish_by           the last day for publication
    through              level → how the units above collect it first, in sub-rounds
    kept_out             units that are evaluated but not ranked, or not evaluated, and why
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
    appraise_by: Dated | None = None
    petition_by: Dated | None = None
    publish_by: Dated | None = None
    levels: tuple[Level, ...]
    through: dict[Level, SubRounds] = Field(default_factory=dict)
    kept_out: dict[Slug, KeptOut] = Field(default_factory=dict)
    units: tuple[Slug, ...] = ()
    illustration: str | None = None
    data: tuple[str, ...] = ()
    prior: str | None = None

    @property
    def own_index(self) -> bool:
        """Whether it measures the province itself: it ends with a report, and ranks nobody
        (2554/QĐ-UBND, VI.2)."""
        return self.levels == (OWN_INDEX,)

    @model_validator(mode="after")
    def _order(self) -> "Round":
        if self.data_from.on > self.data_to.on or self.opens.on > self.closes.on:
            raise ValueError("ngày bắt đầu phải trước ngày kết thúc")
        return self


class Timetable(Strict):
    """How the organiser's office keeps to the dates of its rounds.

    ask_days_ahead  how many days before a round opens its requests go out
    at              the hour of the day at which what is due happens
    days_after      for how many days after a round's last date it is still looked after daily
    """

    ask_days_ahead: Annotated[StrictInt, Field(ge=0, le=90)] = 0
    at: time = time(7, 30)
    days_after: Annotated[StrictInt, Field(ge=0, le=366)] = 30
    basis: str = "Nề nếp của phần mềm: chương trình chưa đặt mục timetable"


class Program(Strict):
    """A province's binding of decree, units, rounds and policies.

    timetable  the hours that its schedules keep
    recurring  the windows that the decree opens every year
    personnel  the agency that takes the result into the yearly rating of heads and units
               (2554/QĐ-UBND, IX.2)
    """

    id: Slug
    name: str
    decree: str
    frameworks: dict[Level, str]
    organiser: Slug
    publisher: str
    letterhead: Letterhead
    decision: DecisionPaper | None = None
    units: tuple[Unit, ...] = Field(min_length=1)
    appraisal: Appraisal = Appraisal()
    groups: tuple[RankGroup, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    personnel: Slug | None = None
    policies: Policies = Policies()
    timetable: Timetable = Timetable()
    recurring: tuple[Recurring, ...] = ()
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
        if len({each.id for each in self.recurring}) < len(self.recurring):
            raise ValueError("recurring có hai mục trùng id")
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
