"""The stages of reading, one verb a module; each takes a draft and returns a fuller one."""
