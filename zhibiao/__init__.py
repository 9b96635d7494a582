"""The command line and the one-machine service."""

__version__ = "0.2.0"
