"""What the commands do, a module each; ``zhibiao/calling`` says how they are called."""
