import { commandText } from "@anygpu/operations"
import { machineJson, timeJson } from "@anygpu/operations/encode"
import { endMachine, findMachine } from "@anygpu/operations/run"
import { PermissionDenied } from "anygpu"
import { z } from "zod"
import { changingTools } from "./changing.ts"
import { launchTool, type Purse } from "./launching.ts"
import { refInput } from "./ref-input.ts"
import { changedShape, type EndedJson, endedShape } from "./shapes.ts"
import type { Tool } from "./tool.ts"

const input = z.strictObject({ ref: refInput })

const terminateTool = ({ context, keeper }: Purse): Tool => ({
  name: "terminate",
  title: "End a machine for good",
  description:
    "Ends a machine and all that is on it for good, and makes sure that it is gone: it costs nothing any more, unless " +
    "`leftovers` says so. It takes up to some minutes. A machine that is gone already is success; one that nobody ever knew " +
    "is not.",
  ...{ effect: "end", idempotent: true, input, output: endedShape },
  run: async ({ input: given, signal }): Promise<EndedJson> => {
    const ref = await findMachine({ ...context, signal }, input.parse(given).ref)
    const { alreadyGone, leftovers, observedAt } = await endMachine({ ...context, signal }, ref, {})
    keeper.forget(ref)
    return { ref: String(ref), alreadyGone, leftovers: [...leftovers], observedAt: timeJson(observedAt) }
  }
})

const startTool = ({ context, keeper }: Purse): Tool => ({
  name: "start",
  title: "Start a stopped machine",
  description:
    "Starts a machine that this session launched and stopped: the limit holds what it costs until its time is over. " +
    "Others are refused, as nothing was set aside for them.",
  ...{ effect: "spend", idempotent: true, input, output: changedShape },
  run: async ({ input: given, signal }) => {
    const ref = await findMachine({ ...context, signal }, input.parse(given).ref)
    if (!keeper.has(ref)) {
      const message = `${ref} was not launched in this session, so that its costs are not held to the limit: a person can run ${commandText("anygpu", "start", ref)}`
      throw new PermissionDenied({ message, retry: "permanent", ref })
    }
    return { machine: machineJson(await (await context.gpu()).act(ref, "start", { signal })) }
  }
})

/** The tools that spend and end, with those that change. */
export const rentingTools = (purse: Purse): ReadonlyArray<Tool> => [
  launchTool(purse),
  terminateTool(purse),
  startTool(purse),
  ...changingTools(purse.context)
]
