"""The worker's Celery app with the rules of another version, as far as ids go: ``celery -A tests.other_version_worker``."""

import os

import worker

worker.PIPELINE_VERSION = os.environ["OTHER_VERSION"]  # before anything has taken it over

from worker.app import app  # noqa: E402

__all__ = ["app"]
