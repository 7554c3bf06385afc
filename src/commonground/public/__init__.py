"""PUBLIC - what anyone may see without signing in."""
