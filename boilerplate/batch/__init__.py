"""Pages in bulk: where they come from, where their texts go, and how a run survives being killed."""
