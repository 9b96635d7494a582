"""Figures fit to be shown: numbers, periods and sentences as people read them, and where each leads."""
