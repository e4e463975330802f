"""Where doubt begins: every threshold of the detectors, with its source."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Limits:
    """Thresholds of all detectors. "Ours" marks a choice of this project that no paper makes.

    jump             a figure that grew or shrank by more than this factor within a year is asked
                     about. Ours: yearly figures of one office double without a fault (a new
                     system, a campaign); threefold is rare enough to ask each time.
    points           the same for percentages, as a difference of shares. Ours.
    sigmas           a change of counts within this many standard deviations √(now + before) of
                     the difference of two Poisson counts is chance. Three: Shewhart's control
                     limits (Economic Control of Quality, 1931). Counts of 9 and less never pass
                     it: (9 − 0)² = 3²·(9 + 0).
    material         an amount of money that changes by less than this share of the peers' median
                     is tiny, and so is a percentage that changes by less than this share of the
                     whole. A = 0.05 of Hidiroglou and Berthelot (Survey Methodology 12, 1986),
                     where it keeps trivial differences from counting; carried over here.
    fit              a factor f explains a ratio r that lies within f·f^±fit. Statistics Norway
                     (R package Kostra, `ThError`, after SSB håndbøker 2005/84) suspects an error
                     of 1000 from |log10 r| = 2.5 on: short of 3 by one sixth of it. The same
                     share for other factors, and above f as below, is ours.
    outlying         distance from the peers' median, in robust standard deviations, beyond which
                     a figure is an outlier: 3.5 (Iglewicz and Hoaglin, How to Detect and Handle
                     Outliers, 1993), with 1.4826·MAD of the logarithms as standard deviation.
    spread_floor     the least factor that one such standard deviation stands for: without a floor
                     "all equal but one" divides by zero. Ours: offices differ twofold in size
                     without a fault.
    peer_factor      the least factor that peers alone can show. Ours, measured: 200 made-up rounds
                     of 20 first-year offices of 15 to 300 people raised 1.25 false flags a round
                     with 10 allowed, 0.005 from 100 on. A factor of 10 shows only against the
                     unit's own prior year.
    closer           a factor must leave at most this share of the distance to the median. Ours.
    peers            the least number of other units whose median counts. Ours: fewer
                     show no spread to judge by.
    small            counts and means below this agree by chance too often to show copying, and
                     lie far from large offices' ones without a fault. Ours.
    identical        different values that two workbooks must share. Ours: if two figures agree by
                     chance one time in ten, six of six do so once in a million pairs.
    alike            the share of comparable values that must be identical: most, for who copies a
                     file changes a few. Ours.
    usual            an average yearly factor up to which a unit's figures count as its usual
                     ones where the other unit has no prior year. Ours.
    holders          a value that more units give than this tells nothing of two of them. Ours.
    neighbours       each holder of a value is compared with the next ones, less than this many.
                     Ours: so the work grows with the units and not with their pairs.
    repeated         the share of a unit's own comparable figures that equal last year's from which
                     it is an old file sent again. Ours.
    still_others     … unless more than this share of the figures stands still in the middle unit
                     of the group. Ours.
    group            units with both years from which the group draws its own bounds; under it the
                     fixed limits have to do. Ten, as quartiles of fewer are single units. Ours.
    hb_u, hb_c       U and C of Hidiroglou and Berthelot: how much more large units count, and how
                     many quartile distances are allowed. U 0.5 and C 4 are the usual ones.
    change_floor     the least factor between a unit's change and the median change. Ours, measured
                     on the even seeds: 1.25 asked nearly twice as often and found no more.
    share_change     robust standard deviations that the yearly change of a share's log-odds may
                     lie from the median change …
    share_floor      … each of at least this much, …
    share_points     … and the share must have moved by more than this; a share nearer to the peers'
                     is no outlier among them either. Ours, tuned on the even seeds of
                     `tests/sample/planted`.
    still            the same for the yearly change of a whole that stands still elsewhere …
    still_floor      … each of at least this much on the logarithm. Ours.
    moving_floor     … or this much, where it is no named thing that stands still. Ours.
    still_least      and the whole must have changed by this many at least. Ours.
    still_small      in a small group: the factor by which a named quantity may change. Ours.
    level_floor      the least robust standard deviation of the log-odds of a share among peers.
                     Ours: half a unit of log-odds is 62 % beside 50 %.
    nearly_all       a share from here on is as good as all. Ours.
    same_share       two shares this close are the same for telling a percentage from a count. Ours.
    next_to_nothing  a share of at most this contradicts 100 % of a related row. Ours.
    ordinary         a pattern that more than this share of the units shows is ordinary. Ours.
    heaped_from      counts below this end in 0 too often by nature. Ours.
    heaped_chance    so many round numbers must be less likely by chance than this. Ours: one in a
                     thousand units would be asked without a reason.
    near             within this factor of last year a figure came from its past. Ours.
    near_peers       … and within this factor of the peers' median it is of their size. Ours.
    slipped          figures that must fit the neighbouring row to speak of a shift. Ours.
    reused_from      numbers below this meet by chance. Ours.
    versions         different values of one figure, each in a submission of its own, that are
                     asked about. Ours: a slip and its correction make two.
    rows_a_file      rows that one file may be the evidence of before somebody asks where in it.
                     Ours.
    self_points      self-assessed points may differ by this many points …
    self_share       … or by this share of the row's maximum, whichever is larger. Ours both: half
                     a point is what rounding to whole points can make.
    """

    jump: Fraction = Fraction(3)
    points: Fraction = Fraction(30, 100)
    sigmas: int = 3
    material: Fraction = Fraction(1, 20)
    fit: Fraction = Fraction(1, 6)
    outlying: Fraction = Fraction(7, 2)
    spread_floor: Fraction = Fraction(2)
    peer_factor: int = 100
    closer: Fraction = Fraction(1, 3)
    peers: int = 5
    small: Fraction = Fraction(10)
    identical: int = 6
    alike: Fraction = Fraction(4, 5)
    usual: Fraction = Fraction(5, 4)
    holders: int = 40
    neighbours: int = 8
    repeated: Fraction = Fraction(17, 20)
    still_others: Fraction = Fraction(3, 5)
    group: int = 10
    hb_u: Fraction = Fraction(1, 2)
    hb_c: Fraction = Fraction(4)
    change_floor: Fraction = Fraction(7, 5)
    share_change: Fraction = Fraction(9, 2)
    share_floor: Fraction = Fraction(15, 100)
    share_points: Fraction = Fraction(1, 10)
    still: int = 4
    still_floor: Fraction = Fraction(15, 1000)
    moving_floor: Fraction = Fraction(4, 100)
    still_least: int = 2
    still_small: Fraction = Fraction(107, 100)
    level_floor: Fraction = Fraction(1, 2)
    nearly_all: Fraction = Fraction(98, 100)
    same_share: Fraction = Fraction(1, 10)
    next_to_nothing: Fraction = Fraction(1, 3)
    ordinary: Fraction = Fraction(1, 10)
    heaped_from: Fraction = Fraction(30)
    heaped_chance: Fraction = Fraction(1, 1000)
    near: Fraction = Fraction(5, 4)
    near_peers: Fraction = Fraction(2)
    slipped: int = 3
    reused_from: Fraction = Fraction(100)
    versions: int = 3
    rows_a_file: int = 4
    self_points: Fraction = Fraction(1, 2)
    self_share: Fraction = Fraction(1, 20)


DEFAULT = Limits()
