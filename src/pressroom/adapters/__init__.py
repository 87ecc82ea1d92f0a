"""What a port is made of: one adapter a file."""
