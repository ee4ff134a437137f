"""
Deterministic simulation of the finalize protocol: the real use cases as concurrent actors on a
model of DynamoDB, at the mercy of a seeded scheduler.
"""
