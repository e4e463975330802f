"""The records of a round: tables, sessions, the audit chain, migrations."""
