"""DO: Prefect tasks, a module a stage. Thin: retries and an artifact around one call."""
