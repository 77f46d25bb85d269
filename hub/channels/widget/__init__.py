"""Sisters: parse.py (wire to Inbound, pure), render.py (message to wire, pure), channel.py (I/O)."""
