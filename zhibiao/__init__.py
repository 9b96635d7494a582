"""The command line and the one-machine service."""

__version__ = "0.1.0"
