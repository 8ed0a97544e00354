"""Ways on which a batch reaches its receiver: one contract, and a file for each channel."""
