"""The page: see what came in, check it in its text, compare, correct. Needs the extra ``page``."""
