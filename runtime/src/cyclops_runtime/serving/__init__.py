"""The scorer: answers predictions with the registry's champion, and with its challenger during a rollout."""
