"""How the commands are called, a module a subject: arguments, options and help; what each does is ``zhibiao/commands``."""
