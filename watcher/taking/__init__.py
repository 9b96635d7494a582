"""Complete files become rows of the ledger, and what was refused is told."""
