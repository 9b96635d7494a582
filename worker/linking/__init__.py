"""Canonical indicators: the same quantity under one id in every report."""
