"""How a framework is laid out in a workbook that a decree expert edits: sheets, columns, words.

Pure layout, both ways: `rows` says what stands in the cells of a framework; the reader is
`dti_core.intake.framework_workbook`, the writer `reports.framework_workbook`.
"""
