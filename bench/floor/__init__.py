"""The least that could do the same job: what the hub's figures are held against."""
