"""The security headers of the console, read from the template, as CloudFront sends them."""

from typing import Any

import cfn_flip  # type: ignore[import-untyped] # has no stubs

from local.workspace import ROOT


def security_headers(origins: dict[str, str]) -> dict[str, str]:
    """
    Return the headers that CloudFront adds to every answer.

    *origins* says where this stack's `SignIn` and `Evidence` are: on AWS each has an address of
    its own.
    """
    template = cfn_flip.load_yaml((ROOT / "template.yaml").read_text())
    resource = template["Resources"]["ConsoleHeaders"]["Properties"]
    policy = resource["ResponseHeadersPolicyConfig"]
    own = {item["Header"]: item["Value"] for item in policy["CustomHeadersConfig"]["Items"]}
    return _standard(policy["SecurityHeadersConfig"], origins) | own


def _standard(config: dict[str, Any], origins: dict[str, str]) -> dict[str, str]:
    """Return the headers that CloudFront's settings stand for."""
    transport = config["StrictTransportSecurity"]
    return {
        "Content-Security-Policy": _filled_in(
            config["ContentSecurityPolicy"]["ContentSecurityPolicy"], origins
        ),
        "Referrer-Policy": config["ReferrerPolicy"]["ReferrerPolicy"],
        "Strict-Transport-Security": (
            f"max-age={transport['AccessControlMaxAgeSec']}; includeSubDomains"
        ),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": config["FrameOptions"]["FrameOption"],
    }


def _filled_in(substitution: dict[str, Any], origins: dict[str, str]) -> str:
    pattern, names = substitution["Fn::Sub"]
    text = str(pattern)
    for name in names:
        text = text.replace(f"${{{name}}}", origins[name])
    return text
