"""SAY - posts, from first draft to withdrawal, and the proof that each arrived."""
