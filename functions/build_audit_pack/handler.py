"""
GET /sessions/{sessionId}/audit-pack: everything that proves a finalized session, in one file.
"""

from tempfile import TemporaryFile

from aws_lambda_powertools.event_handler import Response

from functions.build_audit_pack.use_case import Packing, build_audit_pack
from shared.contracts.evidence import PackLink
from shared.contracts.fields import path_id
from shared.domain.people import INSPECTORS
from shared.runtime import wiring
from shared.runtime.http import Api, answer
from shared.runtime.observability import logger

app = Api()


@app.get("/v1/training/sessions/<session_id>/audit-pack")
def get_audit_pack(session_id: str) -> Response[str]:
    app.admit(INSPECTORS, session_id=path_id("sessionId", session_id))
    pack = build_audit_pack(session_id, wiring.new_token(), wiring.now(), _ports())
    logger.info("audit pack given", extra={"manifest_sha256": pack.decision.manifest_sha256})
    return answer(PackLink.of(pack.link, pack.decision.manifest_sha256))


def _ports() -> Packing:
    return Packing(
        wiring.sessions(),
        wiring.evidence(),
        wiring.trail(),
        wiring.vault(),
        wiring.packs(),
        TemporaryFile,
    )


lambda_handler = app.handler()
