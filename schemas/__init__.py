"""The contract with consumers: what is published, under which names, in which form.

Imports nothing but pydantic and the standard library, so that a consumer can
depend on this package alone.
"""
