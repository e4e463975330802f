"""Seeded generators of the sample data that ships (`python -m tests.sample.vinh_phuc`)."""
