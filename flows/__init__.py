"""WHEN: the flows of a round, their deployments, and the `dti` command."""
