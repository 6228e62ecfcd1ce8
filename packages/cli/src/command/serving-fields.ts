import { fields } from "@anygpu/operations"
import { budgetFields } from "./budget-fields.ts"

/** What a server of this command may rent for; `budget` is the name of its budget. */
const spendingFields = (budget: string) =>
  fields({
    allowSpend: {
      type: "money",
      description: "what launches may cost together: those of earlier sessions count, a restart does not refill it"
    },
    budget: { type: "name", description: `the name under which they count; "${budget}" by default` },
    maxPerDay: { ...budgetFields.maxPerDay, description: "what they may cost in each day of UTC" },
    maxPerMonth: { ...budgetFields.maxPerMonth, description: "what they may cost in each calendar month of UTC" }
  })

/** What `mcp` takes. */
export const mcpFields = spendingFields("mcp")

/** Where a dashboard answers, and what may be done through it. */
const servingFields = fields({
  listen: { type: "name", description: "the address to answer on; 127.0.0.1 by default, others need --public-url" },
  publicUrl: {
    type: "name",
    description: "the address that people open, such as https://gpu.example.com of a proxy that logs them in"
  },
  allowChanges: { type: "switch", description: "also end, stop and change machines; without it, it only reads" }
})

/** What `dashboard` takes. */
export const dashboardFields = fields({
  port: { type: "count", least: 0, description: "the port to answer on; 7070 by default, 0 for any that is free" },
  ...servingFields,
  ...spendingFields("dashboard"),
  open: { type: "switch", description: "open it in the browser" }
})

/** What `keeper` takes. */
export const keeperFields = fields({
  secrets: {
    type: "file",
    description:
      "the folder of the secrets that orders may name, a file each; variables ANYGPU_SECRET_... are looked at besides"
  },
  port: { type: "count", least: 0, description: "answer /healthz and /metrics on this port; on none by default" },
  host: { type: "name", description: "the address to answer on; 127.0.0.1 by default" },
  prices: { type: "duration", description: "write down what the market costs so often, for `market show`: 5m" },
  dashboard: {
    ...{ type: "count", least: 0 },
    description: "also serve the dashboard, on this port; its token is in ANYGPU_DASHBOARD_TOKEN"
  },
  ...servingFields,
  ...spendingFields("dashboard")
})
