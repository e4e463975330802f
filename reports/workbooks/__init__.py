"""The workbooks that go out: figures asked of a unit, explanations, appraised points."""
