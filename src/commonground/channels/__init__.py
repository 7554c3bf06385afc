"""CHANNELS - where we meet the public: one folder for each network."""
