"""DynamoDB in memory: what the local gateway keeps everything in, and the simulation plays on."""
