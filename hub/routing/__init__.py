"""Who gets the conversation, and why: pure functions over what the hub knows. `engine/` is the one part that acts."""
