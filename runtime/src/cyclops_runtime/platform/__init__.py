"""Commands that set a platform up (credentials, buckets, users) or serve it (rules, workbench)."""
