"""What every function has."""

import re

from local.workspace import ROOT
from shared.runtime.settings import Settings
from testing.template import Template, text

GATEWAY_SECONDS = 29
LAYER = "AWS::Lambda::LayerVersion"

# Who writes entries of a trail knows its own key, who checks them knows all.
ORIGINS = {"ORIGIN_KEY", "ORIGIN_KEYS"}
# Only the nightly check has these.
MAPPINGS = {"WITNESS_MAPPINGS"}
# What the function that decides says of itself.
ITS_BYTES = {"RELEASE_PYTHON", "RELEASE_ARCHITECTURE", "FUNCTION_SHA256", "LAYER_SHA256"}


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
    """Every function writes JSON to a log group that has its name."""
    logging = {name: function["LoggingConfig"] for name, function in template.functions.items()}

    groups = {name: text(config["LogGroup"]) for name, config in logging.items()}

    assert groups == {name: f"{name.removesuffix('Function')}LogGroup" for name in logging}
    assert all(config["LogFormat"] == "JSON" for config in logging.values())


def test_functions_log_at_one_level(template: Template, written: Template) -> None:
    """
    Lambda's filter and Powertools have the parameter's, which leaves lines of metrics alone.

    The filter takes them for INFO.
    """
    levels = {
        text(level)
        for function in template.functions.values()
        for level in (
            function["LoggingConfig"]["ApplicationLogLevel"],
            function["Environment"]["Variables"]["POWERTOOLS_LOG_LEVEL"],
        )
    }

    assert levels == {"LogLevel"}
    assert written.document["Parameters"]["LogLevel"]["AllowedValues"] == ["DEBUG", "INFO"]


def test_logs_end(template: Template) -> None:
    """Log groups have a retention, which is a parameter."""
    groups = template.resources("AWS::Logs::LogGroup").values()

    assert {text(group["RetentionInDays"]) for group in groups} == {"LogRetentionDays"}


def test_functions_keep_events_they_gave_up_on(template: Template) -> None:
    """
    An event that failed at every try goes to the failure queue, and each function
    may send to it.
    """
    destinations = {
        text(config["FunctionName"]): text(config["DestinationConfig"]["OnFailure"]["Destination"])
        for config in template.resources("AWS::Lambda::EventInvokeConfig").values()
    }

    assert destinations == dict.fromkeys(template.functions, "FailureQueue.Arn")
    assert template.holders("sqs:SendMessage", "FailureQueue.Arn") == template.functions.keys()


def test_functions_behind_the_api_end_before_it_does(template: Template) -> None:
    """API Gateway waits 29 seconds; no one would get a later answer."""
    behind = {
        text(operation["x-amazon-apigateway-integration"]["uri"])
        .partition("functions/${")[2]
        .partition(".")[0]
        for _, _, operation in template.routes()
    }

    assert behind
    assert all(template.functions[name]["Timeout"] <= GATEWAY_SECONDS for name in behind)


def test_functions_get_every_setting(template: Template) -> None:
    """
    Every variable of the settings is set for every function, but those that have a default; AWS
    itself sets the region.
    """
    asked = {
        str(field.alias) for field in Settings.model_fields.values() if field.is_required()
    } - {"AWS_REGION"}

    missing = {
        name: asked - function["Environment"]["Variables"].keys()
        for name, function in template.functions.items()
    }

    assert not any(missing.values())


def test_functions_have_the_same_settings_everywhere(
    template: Template, environment: dict[str, str]
) -> None:
    """The tests set exactly the variables that the template sets."""
    variables = [
        function["Environment"]["Variables"].keys() | ORIGINS | MAPPINGS | ITS_BYTES
        for function in template.functions.values()
    ]

    assert all(names == environment.keys() for names in variables)


def test_functions_share_runtime_architecture_and_layer(template: Template) -> None:
    """Runtime and architecture come from parameters, and the first layer is the same for all."""
    (shared,) = (name for name in template.resources(LAYER) if name.startswith("SharedLayer"))

    used = {
        (
            text(function["Runtime"]),
            *map(text, function["Architectures"]),
            text(function["Layers"][0]),
        )
        for function in template.functions.values()
    }

    assert used == {("PythonRuntime", "Architecture", shared)}


def test_functions_that_read_time_stamps_have_their_layer(template: Template) -> None:
    """It is large, and no other function unpacks it."""
    (stamps,) = (name for name in template.resources(LAYER) if name.startswith("TimeStampLayer"))

    more = {name: [*map(text, one["Layers"])][1:] for name, one in template.functions.items()}

    assert {name: layers for name, layers in more.items() if layers} == {
        "StampSealsFunction": [stamps],
        "VerifySessionFunction": [stamps],
        "VerifySealedSessionsFunction": [stamps],
    }
