"""GET /sessions/{sessionId}/audit-pack: everything that proves a finalized session, in one file."""

from aws_lambda_powertools.event_handler import Response

from functions.build_audit_pack.use_case import build_audit_pack
from shared.contracts.evidence import PackLink
from shared.domain.people import INSPECTORS
from shared.runtime import clock, identifiers
from shared.runtime.http import Api, answer
from shared.runtime.observability import logger
from shared.runtime.wiring import wiring

app = Api()


@app.route("GET", "/sessions/<session_id>/audit-pack", roles=INSPECTORS)
def get_audit_pack(session_id: str) -> Response[str]:
    pack = build_audit_pack(session_id, identifiers.new_token(), clock.now(), wiring())
    manifest_sha256 = pack.decision.manifest_sha256
    hashes = {"manifest_sha256": manifest_sha256, "pack_sha256": pack.sha256}
    logger.info("audit pack given", extra=hashes)
    return answer(PackLink.of(pack.link, pack.sha256, manifest_sha256))


lambda_handler = app.handler()
