"""DynamoDB in memory: the local gateway keeps everything in it, and the simulation plays on it."""
