"""The commands, a module each; ``zhibiao/cli.py`` says how they are called."""
