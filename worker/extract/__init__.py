"""Reading figures: numbers, units, qualifiers, changes, periods and indicators, each in a module of its own."""
