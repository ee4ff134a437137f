"""The page's own origin: files served by CloudFront only, strict headers, the API under /api/*."""

import pytest

from testing.template import Json, Template, text


@pytest.fixture
def distribution(template: Template) -> Json:
    """Return the configuration of CloudFront."""
    config: Json = template.properties("Console")["DistributionConfig"]
    return config


def test_files_are_read_by_the_distribution_alone(template: Template) -> None:
    """The bucket is closed to the public, and its policy admits one distribution only."""
    bucket = template.properties("WebBucket")
    (statement,) = template.properties("WebBucketPolicy")["PolicyDocument"]["Statement"]

    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert text(statement["Condition"]["StringEquals"]["aws:SourceArn"]).endswith("${Console}")


def test_page_and_api_share_an_origin(distribution: Json) -> None:
    """Everything under /api/ goes to the API, uncached and with the token; the rest is files."""
    (api,) = distribution["CacheBehaviors"]

    assert distribution["DefaultCacheBehavior"]["TargetOriginId"] == "web"
    assert (api["TargetOriginId"], api["PathPattern"]) == ("api", "/api/*")
    assert set(api["AllowedMethods"]) >= {"GET", "PUT", "PATCH", "POST"}


def test_every_answer_carries_the_security_headers(distribution: Json) -> None:
    """Responses of files and of the API have them alike."""
    behaviors = [distribution["DefaultCacheBehavior"], *distribution["CacheBehaviors"]]

    policies = {text(behavior["ResponseHeadersPolicyId"]) for behavior in behaviors}

    assert policies == {"ConsoleHeaders"}


def test_plain_http_is_never_served(distribution: Json) -> None:
    """A page is redirected; a request with a token is refused."""
    (api,) = distribution["CacheBehaviors"]

    assert distribution["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    assert api["ViewerProtocolPolicy"] == "https-only"


def test_nothing_inline_runs(template: Template) -> None:
    """Scripts and styles are files of ours, and no text becomes markup."""
    config = template.properties("ConsoleHeaders")["ResponseHeadersPolicyConfig"]
    security = config["SecurityHeadersConfig"]
    pattern, _ = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]

    directives = dict(part.strip().split(" ", 1) for part in pattern.split(";"))

    assert "unsafe" not in pattern
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == "'self'"
    assert directives["require-trusted-types-for"] == "'script'"
    assert directives["frame-ancestors"] == "'none'"
