"""How fast and how well, measured: `./run bench` lists what there is."""
