"""
Calculated compliance in DynamoDB.
"""

from shared.domain.compliance import Compliance
from shared.storage.mapping import compliance_from, compliance_item
from shared.storage.models import ComplianceItem
from shared.storage.writes import answered


class DynamoComplianceStore:
    """
    Keeps the `ComplianceStore` port.
    """

    def of_person(self, personnel_id: str) -> list[Compliance]:
        with answered():
            return [
                compliance_from(item)
                for item in ComplianceItem.query(personnel_id, consistent_read=True)
            ]

    def save(self, compliance: Compliance) -> None:
        unchanged = (
            ComplianceItem.personnel_id.does_not_exist()
            if compliance.revision == 1
            else ComplianceItem.revision == compliance.revision - 1
        )
        with answered():
            compliance_item(compliance).save(condition=unchanged)
