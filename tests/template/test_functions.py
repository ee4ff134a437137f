"""What every function has, whoever it is."""

import re

from local.workspace import ROOT
from shared.runtime.settings import Settings
from tests.template.cloudformation import Template, text

GATEWAY_SECONDS = 29


def _snake(name: str) -> str:
    """Write FinalizeSession as finalize_session."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def test_functions_are_the_folders(template: Template) -> None:
    """Every folder under functions/ is deployed, and every function has such a folder."""
    folders = {path.parent.name for path in (ROOT / "functions").glob("*/handler.py")}

    handlers = {function["Handler"] for function in template.functions.values()}

    assert handlers == {f"functions.{folder}.handler.lambda_handler" for folder in folders}


def test_functions_are_named_after_their_folder(template: Template) -> None:
    """FinalizeSessionFunction runs functions/finalize_session: one word for one thing."""
    handlers = {name: function["Handler"] for name, function in template.functions.items()}

    folders = {name: handler.split(".")[1] for name, handler in handlers.items()}

    assert folders == {name: _snake(name.removesuffix("Function")) for name in folders}


def test_functions_keep_logs_of_their_own(template: Template) -> None:
    """Every function writes JSON to the log group that is named after it."""
    logging = {name: function["LoggingConfig"] for name, function in template.functions.items()}

    groups = {name: text(config["LogGroup"]) for name, config in logging.items()}

    assert groups == {name: f"{name.removesuffix('Function')}LogGroup" for name in logging}
    assert all(config["LogFormat"] == "JSON" for config in logging.values())


def test_logs_end(template: Template) -> None:
    """No log group is kept for ever: a parameter says how long."""
    groups = template.resources("AWS::Logs::LogGroup").values()

    assert {text(group["RetentionInDays"]) for group in groups} == {"LogRetentionDays"}


def test_functions_keep_events_they_gave_up_on(template: Template) -> None:
    """Whatever failed every try goes to the failure queue, where each function may put it."""
    destinations = {
        text(config["FunctionName"]): text(config["DestinationConfig"]["OnFailure"]["Destination"])
        for config in template.resources("AWS::Lambda::EventInvokeConfig").values()
    }

    assert destinations == dict.fromkeys(template.functions, "FailureQueue.Arn")
    assert template.holders("sqs:SendMessage", "FailureQueue.Arn") == template.functions.keys()


def test_functions_behind_the_api_end_before_it_does(template: Template) -> None:
    """API Gateway waits 29 seconds: working on after that would answer nobody."""
    behind = {
        text(operation["x-amazon-apigateway-integration"]["uri"])
        .partition("functions/${")[2]
        .partition(".")[0]
        for _, _, operation in template.routes()
    }

    assert behind
    assert all(template.functions[name]["Timeout"] <= GATEWAY_SECONDS for name in behind)


def test_functions_get_every_setting(template: Template) -> None:
    """Every variable the settings ask for is set for every function; AWS itself sets the region."""
    asked = {str(field.alias) for field in Settings.model_fields.values()} - {"AWS_REGION"}

    missing = {
        name: asked - function["Environment"]["Variables"].keys()
        for name, function in template.functions.items()
    }

    assert not any(missing.values())


def test_functions_have_the_same_settings_everywhere(
    template: Template, environment: dict[str, str]
) -> None:
    """events/env.json sets exactly the variables that the template sets."""
    variables = [
        function["Environment"]["Variables"].keys() for function in template.functions.values()
    ]

    assert all(names == environment.keys() for names in variables)


def test_functions_share_runtime_architecture_and_layer(template: Template) -> None:
    """Runtime and processor come from parameters, and every function stands on the one layer."""
    layers = template.resources("AWS::Lambda::LayerVersion")

    used = {
        (
            text(function["Runtime"]),
            *map(text, function["Architectures"]),
            *map(text, function["Layers"]),
        )
        for function in template.functions.values()
    }

    assert used == {("PythonRuntime", "Architecture", *layers)}
