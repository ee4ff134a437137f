"""
Deterministic simulation of the finalize protocol.

The real use cases run as concurrent actors on a model of DynamoDB; a seeded scheduler chooses every
step and every fault.
"""
