import {
  cancelOrder,
  extend,
  launch,
  orders,
  pool,
  rename,
  restart,
  start,
  stop,
  terminate,
  update
} from "@anygpu/operations"
import { commandOf } from "../command/command.ts"
import { extendFields, launchFields, powerFields, terminateFields, updateFields } from "../command/fields.ts"
import { poolFields } from "../command/pool-fields.ts"
import type { CommandEntry } from "./entry.ts"

const asking = { letters: { yes: "y" } }

/** What begins, ends and halts a machine. */
export const renting: ReadonlyArray<CommandEntry> = [
  commandOf(launch, {
    ...{ group: "Rent", input: launchFields, ...asking, asksClouds: true, takesPreset: true },
    places: ["what"],
    summary: "rent a machine, after showing what it costs",
    about:
      "Rents the offer that is named, or the best one for the job among those that fit, or one of the next best when it " +
      "is gone: those that cost a quarter more at most, or any below --max-total. Shows the quote and asks; what it comes " +
      "to per hour and in all is never above what was shown or the limits. " +
      "Ctrl-C ends what was made. A launch with --key is made once, however often it is called.",
    calls: [
      {
        call: "anygpu launch h100 --for 3h --max-total 12 --image pytorch/pytorch --ttl 4h",
        does: "the best H100 for three hours, for 12 at most"
      },
      { call: "anygpu launch vast/container/5120042 --image ubuntu:24.04", does: "this very offer" },
      {
        call: "anygpu launch h100 --queue --ttl 4h --max-per-hour 3 --image me/api --secret-env HF_TOKEN --wait-for-capacity 12h",
        does: "a keeper makes it, as soon as there is one"
      },
      { call: "anygpu launch h100 --image me/api --key job-7 --yes --json | jq -r .machine.ref", does: "for a script" }
    ],
    load: () => import("../commands/launch.ts")
  }),
  commandOf(orders, {
    ...{ group: "Rent", input: orders.input, places: ["order"] },
    about:
      "What `launch --queue` has written into the ledger. With --wait the exit code says what became of it: 0 when its machine " +
      "is there.",
    calls: [
      { call: "anygpu orders --open", does: "what is to be launched yet" },
      { call: "anygpu orders nightly --wait --json | jq -r '.orders[0].machine'", does: "for a script" }
    ],
    load: () => import("../commands/orders.ts")
  }),
  commandOf(cancelOrder, {
    ...{ group: "Rent", input: cancelOrder.input, places: ["order"] },
    load: async () => ({ run: (await import("../commands/orders.ts")).cancel })
  }),
  commandOf(pool, {
    ...{ group: "Rent", input: poolFields, places: ["name"], ...asking, asksClouds: true, takesPreset: true },
    about:
      "Looks at each machine of the pool: what is gone, has failed or was taken away is replaced by the cheapest that fits. Each is " +
      "leased for an hour at a time, and held as long as somebody keeps the pool: run it with --every, or from cron.",
    calls: [
      {
        call: "anygpu pool workers --size 4 --gpu 'RTX 4090' --image me/worker --max-all-per-hour 3 --every 1m",
        does: "four machines, kept until Ctrl-C"
      },
      { call: "anygpu pool workers --size 0", does: "ends them all" }
    ],
    load: () => import("../commands/pool.ts")
  }),
  commandOf(terminate, {
    ...{ group: "Rent", input: terminateFields, places: ["refs"], ...asking, asksClouds: true },
    summary: "end machines for good, and make sure that they are gone",
    about: null,
    calls: [
      { call: "anygpu terminate trainer", does: "names the machine, asks, ends it" },
      { call: "anygpu terminate vast/container/123 --yes", does: "without asking, for a script" },
      { call: "anygpu terminate --all --cloud vast", does: "everything on one account" }
    ],
    load: () => import("../commands/terminate.ts")
  }),
  commandOf(start, {
    ...{ group: "Change", input: start.input, places: ["ref"], about: null },
    load: async () => ({ run: (await import("../commands/power.ts")).start })
  }),
  commandOf(stop, {
    ...{ group: "Change", input: powerFields, places: ["ref"], ...asking },
    about: "A run that is named by its key is stopped as by stop-job: its machine is ended.",
    load: async () => ({ run: (await import("../commands/power.ts")).stop })
  }),
  commandOf(restart, {
    ...{ group: "Change", input: powerFields, places: ["ref"], ...asking, about: null },
    load: async () => ({ run: (await import("../commands/power.ts")).restart })
  }),
  commandOf(extend, {
    ...{ group: "Change", input: extendFields, places: ["ref"] },
    load: () => import("../commands/extend.ts")
  }),
  commandOf(rename, {
    ...{ group: "Change", input: rename.input, places: ["ref", "name"], about: null },
    load: () => import("../commands/rename.ts")
  }),
  commandOf(update, {
    ...{ group: "Change", input: updateFields, places: ["ref"], ...asking },
    about: "What is given replaces the whole of what was there, what is left out stays. It may restart the workload.",
    load: () => import("../commands/update.ts")
  })
]
