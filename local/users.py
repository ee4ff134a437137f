"""One user per role, so that the rights of every role can be tried."""

import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

from local.stack import Stack, User

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

NAMES = {
    "admin": "Ingrid Solheim",
    "trainer": "Tomasz Zielinski",
    "verifier": "Priya Raman",
    "auditor": "Marcus Oyelaran",
}


def create_users(stack: Stack) -> dict[str, User]:
    """Return a user for every role; those *stack* already knows keep their passwords."""
    cognito = _cognito(stack)
    users = {role: stack.users.get(role) or _new_user(role) for role in NAMES}
    for role, user in users.items():
        _create_user(cognito, stack.user_pool_id, role, user)
    return users


def token(stack: Stack, role: str) -> str:
    """Sign in as the user of *role*; return the ID token for the API, valid for an hour."""
    user = stack.users[role]
    answer = _cognito(stack).initiate_auth(
        ClientId=stack.user_pool_client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": user.username, "PASSWORD": user.password},
    )
    return answer["AuthenticationResult"]["IdToken"]


def _cognito(stack: Stack) -> "CognitoIdentityProviderClient":
    return stack.session().client("cognito-idp", endpoint_url=stack.endpoint)


def _new_user(role: str) -> User:
    # The suffix has one of each kind of character that the pool's policy requires.
    return User(username=role, password=f"{secrets.token_urlsafe(18)}-aA1")


def _create_user(
    cognito: "CognitoIdentityProviderClient", pool: str, role: str, user: User
) -> None:
    with suppress(cognito.exceptions.UsernameExistsException):
        cognito.admin_create_user(
            UserPoolId=pool,
            Username=user.username,
            MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": "name", "Value": NAMES[role]},
                {"Name": "email", "Value": f"{role}@example.com"},
                {"Name": "email_verified", "Value": "true"},
            ],
        )
    cognito.admin_set_user_password(
        UserPoolId=pool, Username=user.username, Password=user.password, Permanent=True
    )
    cognito.admin_add_user_to_group(UserPoolId=pool, Username=user.username, GroupName=role)
