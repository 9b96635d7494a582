"""Owns the inbox: notices files, keeps the ledger, hands files over to the queue, files them away afterwards.

Never imports ``worker``: it names the task and leaves reading to others.
"""
