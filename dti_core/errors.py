"""Refusals: what the product will not do, said so that a person can act on it."""


class Refused(Exception):
    """The text says in Vietnamese what is wrong, where, and what to do. It is shown as it is."""
