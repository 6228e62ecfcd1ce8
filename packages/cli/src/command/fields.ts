import { audit, compare, events, type Fields, fields, logs, ssh, watch } from "@anygpu/operations"

/*
 * What commands take beside what their operations take, or in its place: what is about the terminal, and files.
 */

/** What `compare` takes. */
export const compareFields = fields({
  ...compare.input,
  limit: { type: "count", least: 0, description: "at most so many; 10 by default, all in CSV; 0 for all" },
  csv: { type: "switch", description: "print CSV with a header, for a spreadsheet" },
  chart: { type: "switch", flag: "no-chart", description: "leave out the chart" }
})

/** What `watch` takes: it goes on until it is interrupted. */
export const watchFields = fields({ every: watch.input.every })

/** What `ssh` takes. */
export const sshFields = fields({
  ref: ssh.input.ref,
  command: { type: "text", repeats: true, description: "what to run there, after --" },
  identity: { type: "file", description: "the private key to use" },
  wait: ssh.input.wait,
  print: { type: "switch", description: "print the command instead; --json prints its parts" }
})

const lines = fields({
  follow: { type: "switch", description: "go on printing what is new" },
  tail: { type: "count", least: 0, description: "the last so many lines" },
  containing: { type: "text", description: "only lines with this text" }
})

/** What `logs` takes. */
export const logsFields = fields({ ref: logs.input.ref, ...lines, source: logs.input.source })

/** What `events` takes. */
export const eventsFields = fields({ ref: events.input.ref, ...lines })

/** What `audit` takes. */
export const auditFields = fields({
  ...audit.input,
  recover: { type: "switch", description: "settle launches whose outcome is not known, first" }
})

const yes = fields({ yes: { type: "switch", description: "do not ask before acting" } })

/** What `keys` takes: three operations are one command. */
export const keysFields = fields({
  action: { type: "choice", choices: ["list", "add", "remove"], description: "list (the default), add or remove" },
  key: {
    type: "public-key",
    description: "to add: a .pub file or its text; to remove: an id, or cloud/id"
  },
  name: { type: "name", description: "what the new key is called, where a cloud takes a name" },
  ...yes
} satisfies Fields)
