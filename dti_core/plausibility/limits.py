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
    alike            the share of comparable values that must be identical: nearly all. Ours.
    usual            an average yearly factor up to which a unit's figures count as its usual
                     ones where the other unit has no prior year. Ours.
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
    alike: Fraction = Fraction(9, 10)
    usual: Fraction = Fraction(5, 4)
    self_points: Fraction = Fraction(1, 2)
    self_share: Fraction = Fraction(1, 20)


DEFAULT = Limits()
