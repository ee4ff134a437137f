"""
What the console's page has to know of its stack: `config.json`, beside its files.
"""

from local.stack import Record


class SignIn(Record):
    """Where Cognito takes sign-ins, and as which client."""

    url: str
    client_id: str


class Configuration(Record):
    """The page's own view of a stack; nothing in it is secret."""

    api: str = "/api/v1/training"
    sign_in: SignIn

    def json_text(self) -> str:
        """Return the file's content."""
        return self.model_dump_json(by_alias=True)
