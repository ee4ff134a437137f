"""
Verifying a session when somebody asks.
"""

from shared.verification.verify import verify

__all__ = ["verify"]
