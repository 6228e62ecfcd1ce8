import * as z from "zod"
import { deletes, endpoint, perAccount, reads, writes } from "./route.ts"
import * as wire from "./wire.ts"

const instances = {
  /** The types of machine, with the regions that have capacity. */
  listInstanceTypes: endpoint({
    operation: "listInstanceTypes",
    method: "GET",
    path: "/api/v1/instance-types",
    answer: wire.TypeRows,
    repeat: "safe"
  }),
  /** Rents a machine: at most one in 12 seconds. */
  launchInstance: endpoint({
    operation: "launchInstance",
    method: "POST",
    path: "/api/v1/instance-operations/launch",
    body: wire.LaunchBody,
    answer: wire.Launched,
    repeat: "refused-only",
    timeout: "1 minute",
    limit: [perAccount, { calls: 1, perSeconds: 12 }],
    sensitive: ["user_data"]
  }),
  /** The running machines of the account. */
  listInstances: endpoint({
    operation: "listInstances",
    method: "GET",
    path: "/api/v1/instances",
    query: z.strictObject({ cluster_id: z.string().optional() }),
    answer: wire.Rows,
    repeat: "safe"
  }),
  /** One machine. */
  getInstance: endpoint({
    operation: "getInstance",
    method: "GET",
    path: "/api/v1/instances/{id}",
    answer: wire.OneInstance,
    repeat: "safe"
  }),
  /** Gives a machine another name. */
  postInstance: endpoint({
    operation: "postInstance",
    method: "POST",
    path: "/api/v1/instances/{id}",
    body: wire.Rename,
    answer: wire.OneInstance,
    repeat: "safe"
  }),
  /** Begins machines again in their places. */
  restartInstance: endpoint(writes("restartInstance", "POST", "/api/v1/instance-operations/restart", wire.Ids)),
  /** Ends machines for good, with their disks. */
  terminateInstance: endpoint({
    operation: "terminateInstance",
    method: "POST",
    path: "/api/v1/instance-operations/terminate",
    body: wire.Ids,
    answer: wire.Nothing,
    repeat: "safe"
  })
} as const

const account = {
  /** The regions. */
  listRegions: endpoint(reads("listRegions", "/api/v1/regions")),
  /** The images: a row for each region that has one. */
  listImages: endpoint({
    operation: "listImages",
    method: "GET",
    path: "/api/v1/images",
    answer: wire.Rows,
    repeat: "safe"
  }),
  /** The public keys of the account. */
  listSSHKeys: endpoint({
    operation: "listSSHKeys",
    method: "GET",
    path: "/api/v1/ssh-keys",
    answer: wire.Rows,
    repeat: "safe"
  }),
  /** Registers a public key. Without `public_key` Lambda makes a pair, whose private part comes in the answer alone. */
  addSSHKey: endpoint({
    operation: "addSSHKey",
    method: "POST",
    path: "/api/v1/ssh-keys",
    body: wire.KeyBody,
    answer: wire.OneKey,
    repeat: "refused-only"
  }),
  /** Removes a key from the account; machines keep it. */
  deleteSSHKey: endpoint(deletes("deleteSSHKey", "/api/v1/ssh-keys/{id}")),
  /** The file systems of the account. */
  listFilesystems: endpoint({
    operation: "listFilesystems",
    method: "GET",
    path: "/api/v1/file-systems",
    answer: wire.Rows,
    repeat: "safe"
  }),
  /** Makes a file system in a region. */
  createFilesystem: endpoint(writes("createFilesystem", "POST", "/api/v1/filesystems", wire.FileSystemBody)),
  /** Deletes a file system that no machine uses. */
  filesystemDelete: endpoint(deletes("filesystemDelete", "/api/v1/filesystems/{id}")),
  /** What happened on the account, page by page. */
  getAuditEvents: endpoint({
    ...reads("getAuditEvents", "/api/v1/audit-events"),
    query: z.strictObject({
      start: z.string().optional(),
      end: z.string().optional(),
      page_token: z.string().optional(),
      resource_type: z.string().optional()
    })
  })
} as const

const firewalls = {
  /** The inbound rules of all machines but those in us-south-1; the older form of the global ruleset. */
  firewallRulesList: endpoint(reads("firewallRulesList", "/api/v1/firewall-rules")),
  /** Replaces all of them. */
  firewallRulesSet: endpoint(writes("firewallRulesSet", "PUT", "/api/v1/firewall-rules", wire.RulesBody)),
  /** The rulesets that machines can be launched with. */
  firewallRulesetsList: endpoint(reads("firewallRulesetsList", "/api/v1/firewall-rulesets")),
  /** Makes a ruleset in a region. */
  createFirewallRuleset: endpoint(
    writes("createFirewallRuleset", "POST", "/api/v1/firewall-rulesets", wire.RulesetBody)
  ),
  /** The ruleset of all machines. */
  getGlobalFirewallRuleset: endpoint(reads("getGlobalFirewallRuleset", "/api/v1/firewall-rulesets/global")),
  /** Replaces its rules. */
  updateGlobalFirewallRuleset: endpoint(
    writes("updateGlobalFirewallRuleset", "PATCH", "/api/v1/firewall-rulesets/global", wire.GlobalUpdate)
  ),
  /** One ruleset. */
  getFirewallRuleset: endpoint(reads("getFirewallRuleset", "/api/v1/firewall-rulesets/{id}")),
  /** Renames a ruleset, or replaces its rules. */
  updateFirewallRuleset: endpoint(
    writes("updateFirewallRuleset", "PATCH", "/api/v1/firewall-rulesets/{id}", wire.RulesetUpdate)
  ),
  /** Deletes a ruleset that no machine uses. */
  deleteFirewallRuleset: endpoint(deletes("deleteFirewallRuleset", "/api/v1/firewall-rulesets/{id}"))
} as const

/** All routes about renting, by their names in Lambda's OpenAPI document. */
export const endpoints = { ...instances, ...account, ...firewalls } as const
