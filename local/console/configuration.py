"""The console's configuration, `config.json`: the addresses of its stack."""

from local.stack import Record


class SignIn(Record):
    """Cognito's address for sign-ins, and the client's id."""

    url: str
    client_id: str


class Configuration(Record):
    """What the page knows of its stack; nothing in it is secret."""

    api: str = "/api/v1/training"
    sign_in: SignIn
    # The commit the stack was built from.
    release: str

    def json_text(self) -> str:
        """Return the file's content."""
        return self.model_dump_json(by_alias=True)
