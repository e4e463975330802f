"""The departments of the sample, in orders of magnitude. Nobody's figures: chosen, then shaken."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Department:
    """Sizes around which the figures are drawn.

    staff      people whom the denominators of 3.2, 4.4, 7.1 to 7.3 count
    systems    information systems
    services   online public services; 0 where the department has none
    dossiers   administrative dossiers received in a year
    budget     million đồng spent in a year
    specialist whether somebody works on information technology full time
    connected  whether it uses the province's data network
    """

    staff: int
    systems: int
    services: int
    dossiers: int
    budget: int
    specialist: bool = True
    connected: bool = True


DEPARTMENTS = {
    "vp-ubnd": Department(118, 9, 0, 0, 42_600),
    "so-cong-thuong": Department(104, 6, 62, 7_840, 38_900),
    "so-gtvt": Department(142, 8, 71, 21_460, 212_000),
    "so-gddt": Department(86, 9, 48, 3_260, 164_000),
    "so-khcn": Department(68, 5, 36, 412, 47_300),
    "so-khdt": Department(79, 7, 58, 9_120, 33_800),
    "so-ldtbxh": Department(128, 7, 64, 5_380, 246_000),
    "so-ngoai-vu": Department(41, 3, 12, 168, 16_900, specialist=False),
    "so-noi-vu": Department(98, 6, 44, 1_240, 51_700),
    "so-nnptnt": Department(352, 11, 74, 4_690, 418_000),
    "so-tai-chinh": Department(92, 8, 9, 236, 29_400),
    "so-tnmt": Department(268, 13, 69, 38_700, 186_000),
    "so-tttt": Department(83, 14, 23, 297, 58_200),
    "so-tu-phap": Department(97, 7, 66, 26_900, 31_200),
    "so-vhttdl": Department(214, 8, 72, 1_030, 138_000),
    "so-xay-dung": Department(124, 6, 51, 2_870, 36_100),
    "so-y-te": Department(112, 10, 78, 6_410, 305_000),
    "thanh-tra-tinh": Department(52, 4, 0, 0, 18_600),
    "ban-dan-toc": Department(33, 3, 3, 14, 21_300, specialist=False, connected=False),
    "bql-kcn": Department(47, 5, 39, 1_960, 14_800),
}
