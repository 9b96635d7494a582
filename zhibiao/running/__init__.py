"""The one-machine service: a Redis of its own, its parts as processes, and where a running one is found."""
