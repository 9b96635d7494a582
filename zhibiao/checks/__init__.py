"""What ``zhibiao doctor`` looks at, a module for each thing looked at."""
