"""New identifiers."""

import secrets
import uuid


def new_id() -> str:
    return str(uuid.uuid4())


def new_token() -> str:
    """A random text that cannot be guessed."""
    return secrets.token_hex(8)
