"""How fast, measured: `./run bench hear`, `./run bench fuzz`."""
