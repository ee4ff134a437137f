"""Calculated compliance in DynamoDB."""

from collections.abc import Sequence

from shared.domain.compliance import Compliance
from shared.storage.mapping import compliance_from, compliance_item
from shared.storage.models import ComplianceItem
from shared.storage.writes import busy_if_unanswered


class DynamoComplianceStore:
    """Implements the `ComplianceStore` port."""

    def of_person(self, personnel_id: str) -> list[Compliance]:
        with busy_if_unanswered():
            return [
                compliance_from(item)
                for item in ComplianceItem.query(personnel_id, consistent_read=True)
            ]

    def in_course(self, course_id: str, personnel_ids: Sequence[str]) -> list[Compliance]:
        keys = [(personnel_id, course_id) for personnel_id in personnel_ids]
        with busy_if_unanswered():
            items = ComplianceItem.batch_get(keys, consistent_read=True)
            return [compliance_from(item) for item in items]

    def save(self, compliance: Compliance) -> None:
        unchanged = (
            ComplianceItem.personnel_id.does_not_exist()
            if compliance.revision == 1
            else ComplianceItem.revision == compliance.revision - 1
        )
        with busy_if_unanswered():
            compliance_item(compliance).save(condition=unchanged)
