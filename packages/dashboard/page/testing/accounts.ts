import type { AboutJson } from "../../src/protocol/index.ts"

const can = ["logs", "events", "stop", "start", "restart", "rename", "update", "balance", "sshKeys", "volumes"]
const takes = ["image", "os", "sshKeys", "env", "ports", "command", "onStart", "ttl", "tags"]

const kindOf = (kind: string, lacks: ReadonlyArray<string>): AboutJson["clouds"][number]["kinds"][number] => ({
  kind,
  capabilities: can.filter((one) => !lacks.includes(one)),
  launchOptions: takes.filter((one) => !lacks.includes(one)),
  endsItself: lacks.length === 0
})

const cloud = (name: string, kinds: Readonly<Record<string, ReadonlyArray<string>>>): AboutJson["clouds"][number] => ({
  ...{ name, account: null },
  kinds: Object.entries(kinds).map(([kind, lacks]) => kindOf(kind, lacks))
})

/** The accounts of a world that is made up. */
export const accounts: AboutJson["clouds"] = [
  cloud("fluence", {
    container: ["os", "stop", "start"],
    vm: ["image", "logs", "events"],
    baremetal: ["image", "logs"]
  }),
  cloud("huddle", { vm: ["image", "logs", "events", "env", "command"] }),
  cloud("lambda", { vm: ["image", "logs", "events", "stop", "start", "balance"] }),
  cloud("runpod", { container: ["os", "events"] }),
  cloud("shadeform", { vm: ["logs", "events", "stop", "start", "balance"] }),
  cloud("vast", { container: ["os", "events", "volumes"], vm: ["image", "events"] }),
  cloud("verda", { vm: [] })
]

/** What may be done through a server. */
export interface Allowed {
  readonly changes: boolean
  readonly spends: boolean
}

const operations = [
  ...["list", "compare", "market-show", "spent", "audit", "doctor", "balance", "logs", "events", "show", "quote"].map(
    (name) => [name, "read"] as const
  ),
  ...["stop", "restart", "rename"].map((name) => [name, "change"] as const),
  ...["launch", "start", "extend"].map((name) => [name, "spend"] as const),
  ["terminate", "end"] as const
]

/** What a server with these accounts says of itself. */
export const aboutOf = ({ changes, spends }: Allowed): AboutJson => ({
  ...{ simulated: true, timeRuns: 1, clouds: accounts },
  allows: {
    changes,
    spending: spends ? { budget: "team", limits: { perDay: { amount: "50", currency: "USD" } } } : null
  },
  operations: operations.map(([name, effect]) => ({
    ...{ name, effect, title: name, summary: name, idempotent: effect !== "spend" },
    allowed: effect === "read" || (changes && (effect !== "spend" || spends))
  }))
})
