"""Deploying to a running server: the result is a stack with users who can sign in."""

from urllib.parse import urlsplit

from local import sam
from local.authority.process import Authority
from local.dynamodb.engine import Engine
from local.dynamodb.tables import create_tables
from local.ministack import Server, free_port
from local.ministack_workarounds import lock_objects, set_responses
from local.progress import step
from local.stack import Stack, Tables, User, session
from local.users import create_users


def deploy(
    server: Server,
    authority: Authority,
    users: dict[str, User],
    console_url: str | None = None,
    engine: Engine | None = None,
) -> Stack:
    """
    Build this checkout, deploy it to *server*, and create users, or keep *users*.

    Its sessions are time-stamped by *authority*, and its tables are in *engine* if there is one.

    Its console is served at *console_url*, or at a new address, which the stack then names.
    """
    console_url = console_url or f"http://127.0.0.1:{free_port()}"
    target = sam.Target(server.endpoint, server.home)
    with step("Building the functions and their layers"):
        sam.build()
    with step("Deploying the stack"):
        sam.deploy(target, console_url, authority)
    outputs = _outputs(target)
    set_responses(target.endpoint, target.account_id, target.region, outputs["ApiId"])
    lock_objects(target.endpoint, target.account_id, target.region, outputs["EvidenceBucketName"])
    stack = _describe(target, outputs, server.pid, users).model_copy(
        update={"authority_url": authority.url, "authority_pid": authority.pid}
    )
    if engine:
        stack = stack.model_copy(update={"dynamodb_url": engine.url, "dynamodb_pid": engine.pid})
        create_tables(stack)
    with step("Creating one user per role"):
        return stack.model_copy(update={"users": create_users(stack)})


def _describe(
    target: sam.Target, outputs: dict[str, str], pid: int, users: dict[str, User]
) -> Stack:
    return Stack(
        endpoint=target.endpoint,
        api_url=_api_url(target.endpoint, outputs),
        console_url=outputs["ConsoleUrl"],
        region=target.region,
        account_id=target.account_id,
        stack_name=sam.stack_name(),
        bucket=outputs["EvidenceBucketName"],
        tables=Tables(
            sessions=outputs["SessionsTableName"],
            courses=outputs["CoursesTableName"],
            course_audit=outputs["CourseAuditTableName"],
            records=outputs["RecordsTableName"],
            compliance=outputs["ComplianceTableName"],
            outbox=outputs["OutboxTableName"],
            audit=outputs["AuditTableName"],
            sheets=outputs["SheetsTableName"],
        ),
        bus=outputs["EventBusName"],
        user_pool_id=outputs["UserPoolId"],
        user_pool_client_id=outputs["UserPoolClientId"],
        release=outputs["Release"],
        users=users,
        pid=pid,
    )


def _outputs(target: sam.Target) -> dict[str, str]:
    client = session(target.account_id, target.region).client(
        "cloudformation", endpoint_url=target.endpoint
    )
    stack = client.describe_stacks(StackName=sam.stack_name())["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def _api_url(endpoint: str, outputs: dict[str, str]) -> str:
    """Return the API's address in a form that needs no name server: the stage is in its path."""
    stage, _, base = urlsplit(outputs["ApiUrl"]).path.strip("/").partition("/")
    return f"{endpoint}/restapis/{outputs['ApiId']}/{stage}/_user_request_/{base}"
