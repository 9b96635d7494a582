"""What a number is: a figure, or one of the many things that are none."""
