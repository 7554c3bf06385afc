"""KIT - tools with no opinion about police work. Imports no room."""
