"""Words, sentences and the text that figures are read from."""
