"""The domain of a DTI evaluation: frameworks, programs, scoring, intake, records.

Nothing in here knows Prefect, Great Expectations or mail.
"""
