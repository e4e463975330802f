"""Files made to harm whoever opens them, each made here when it is needed; none lies in the tree.

Every maker takes a good workbook of ours, as bytes, and gives the bytes of the file that is sent.
`HOSTILE` has them by name, with the suffix of the file and what the refusal must say.
"""

from tests.sample import hostile_packages, hostile_workbooks
from tests.sample.hostile_parts import HOSTILE, Hostile

__all__ = ["HOSTILE", "Hostile", "hostile_packages", "hostile_workbooks"]
