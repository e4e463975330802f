"""The `dti` command, a module a group. Light commands import neither Prefect nor pandas."""
