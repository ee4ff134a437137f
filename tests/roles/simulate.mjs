// Judges requests by the policies of their role, and of the resource: JSON in, one verdict per request out.
import { readFileSync } from "node:fs";
import { runSimulation } from "@cloud-copilot/iam-simulate";

const { account, roles, resourcePolicies, requests } = JSON.parse(readFileSync(0, "utf8"));
// An account outside of an organization: no policy above it says no.
const allowAll = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
const serviceControlPolicies = [{ orgIdentifier: "o-none", policies: [{ name: "all", policy: allowAll }] }];

async function verdict({ role, action, resource, policyOf, context }) {
  const judged = await runSimulation(
    {
      request: {
        principal: `arn:aws:iam::${account}:role/${role}`,
        action,
        resource: { resource, accountId: account },
        contextVariables: context,
      },
      identityPolicies: roles[role],
      resourcePolicy: resourcePolicies[policyOf],
      serviceControlPolicies,
      resourceControlPolicies: [],
    },
    {},
  );
  return judged.resultType === "error" ? JSON.stringify(judged.errors) : judged.overallResult;
}

const verdicts = [];
for (const request of requests) {
  verdicts.push(await verdict(request));
}
process.stdout.write(JSON.stringify(verdicts));
