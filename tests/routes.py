"""Who may call what: the rule that handlers, template and the API's table have to follow."""

from typing import NamedTuple

PREFIX = "/v1/training"
ROLES = frozenset({"admin", "trainer", "verifier", "auditor"})


class Route(NamedTuple):
    """The function that answers at an address, and the roles that may call it."""

    function: str
    roles: frozenset[str]

    @property
    def resource(self) -> str:
        """Return the function's name in the template."""
        return f"{self.function.title().replace('_', '')}Function"


def _for(*roles: str) -> frozenset[str]:
    return frozenset(roles)


# Written by hand, and not from the product's own groups of roles, which are tested by it.
ROUTES = {
    ("PUT", "/courses/{courseId}"): Route("register_course", _for("admin")),
    ("GET", "/courses/{courseId}/audit"): Route("view_audit", _for("admin", "auditor", "verifier")),
    ("GET", "/sessions"): Route("view_session", ROLES),
    ("PUT", "/sessions/{sessionId}"): Route("register_session", _for("admin")),
    ("GET", "/sessions/{sessionId}"): Route("view_session", ROLES),
    ("POST", "/sessions/{sessionId}/evidence"): Route("upload_evidence", _for("admin", "trainer")),
    ("GET", "/sessions/{sessionId}/evidence"): Route("view_session", ROLES),
    ("PATCH", "/sessions/{sessionId}/attendance"): Route(
        "save_attendance", _for("admin", "trainer")
    ),
    ("POST", "/sessions/{sessionId}/finalize"): Route("finalize_session", _for("admin")),
    ("GET", "/sessions/{sessionId}/records"): Route("view_session", ROLES),
    ("GET", "/sessions/{sessionId}/audit"): Route(
        "view_audit", _for("admin", "auditor", "verifier")
    ),
    ("GET", "/sessions/{sessionId}/verification"): Route(
        "verify_session", _for("admin", "auditor")
    ),
    ("GET", "/sessions/{sessionId}/audit-pack"): Route(
        "build_audit_pack", _for("admin", "auditor")
    ),
    ("GET", "/personnel/{personnelId}/compliance"): Route("view_compliance", ROLES),
}
