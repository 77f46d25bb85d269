"""The channels: each turns its wire's words into ours and back."""
