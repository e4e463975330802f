"""The workbook in which a decree expert reads and edits a framework."""

from reports.framework_workbook.workbook import framework_workbook

__all__ = ["framework_workbook"]
