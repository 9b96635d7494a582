"""How the figures of a report hang together: sums, ratios, changes, parts, thresholds and repetitions."""
