"""Read the workbook of a framework: every cell that is wrong, told at once, or the framework."""

from dti_core.intake.framework_workbook.mistakes import BrokenFrameworkWorkbook, Mistake
from dti_core.intake.framework_workbook.read import read_framework

__all__ = ["BrokenFrameworkWorkbook", "Mistake", "read_framework"]
