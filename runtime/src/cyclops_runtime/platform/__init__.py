"""Commands that set a platform up: credentials, buckets, users."""
