"""Training runs that the monitor starts: when, and that each is started once."""
