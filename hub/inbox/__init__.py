"""What the hub does, one verb a file: load, decide, write, tell."""
