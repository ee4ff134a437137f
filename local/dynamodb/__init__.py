"""AWS's own DynamoDB engine under an embedded stack, in the place of MiniStack's tables."""
