"""One unit's dossier for an inspector: all that stands behind its rank, in one file."""
