import { events, list, logs, show, watch } from "@anygpu/operations"
import { commandOf } from "../command/command.ts"
import { eventsFields, logsFields, watchFields } from "../command/fields.ts"
import type { CommandEntry } from "./entry.ts"

const follow = { letters: { follow: "f" } }

/** What looks at machines. */
export const looking: ReadonlyArray<CommandEntry> = [
  commandOf(list, {
    ...{ group: "Look", input: list.input, asksClouds: true },
    examples: [{ call: "anygpu list --json | jq -r '.machines[].ref'", does: "their refs, for a script" }],
    load: () => import("../commands/list.ts")
  }),
  commandOf(show, {
    ...{ group: "Look", input: show.input, places: ["ref"] },
    load: () => import("../commands/show.ts")
  }),
  commandOf(watch, {
    ...{ group: "Look", input: watchFields, asksClouds: true },
    summary: "follow all machines as they change",
    about: null,
    calls: [
      { call: "anygpu watch", does: "a live table" },
      { call: "anygpu watch --json", does: "one change a line" }
    ],
    load: () => import("../commands/watch.ts")
  }),
  commandOf(logs, {
    ...{ group: "Look", input: logsFields, places: ["ref"], ...follow },
    about:
      "With --follow, what is new is printed once, in order, until the machine halts. Clouds answer the last lines, not " +
      "those since the last look: where lines may lie between two looks that nobody can see, it says so.",
    examples: [{ call: "anygpu logs -f trainer", does: "and what follows, nothing twice" }],
    load: () => import("../commands/logs.ts")
  }),
  commandOf(events, {
    ...{ group: "Look", input: eventsFields, places: ["ref"], ...follow },
    load: async () => ({ run: (await import("../commands/logs.ts")).events })
  })
]
