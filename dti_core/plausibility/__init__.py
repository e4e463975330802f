"""Figures that are possible but suspect, each with its arithmetic."""
