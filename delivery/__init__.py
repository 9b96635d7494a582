"""The way to Redis and back: events published once, outcomes reported, streams followed.

Watcher, worker and command line go through here; nothing else imports ``redis``.
"""
