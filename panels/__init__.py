"""Indicator x place x year from reports, by a codebook: every cell with its sentence, every empty one with its reason."""
