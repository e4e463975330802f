"""A program's year on a virtual clock: every event of its timetable, with offices that are made up.

Nothing here decides anything about a round: the flows, tasks and records do, by the same doors as
in an office. What is made up is when people act and what they type; every share of that is data
(`habits.yaml`), an assumption and no finding about any agency.
"""
