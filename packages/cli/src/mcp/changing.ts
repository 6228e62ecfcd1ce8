import { present } from "@anygpu/operations"
import { machineJson } from "@anygpu/operations/encode"
import { findMachine } from "@anygpu/operations/run"
import { InvalidRequest } from "anygpu"
import { z } from "zod"
import type { Context } from "../context.ts"
import { refInput } from "./ref-input.ts"
import { changedShape } from "./shapes.ts"
import type { Tool } from "./tool.ts"
import { running } from "./workload.ts"

const only = z.strictObject({ ref: refInput })
const named = only.extend({ name: z.string().min(1).describe("what people will see") })
const updated = only.extend({
  name: named.shape.name.optional(),
  ...running,
  publicImage: z.literal(true).optional().describe("the image needs no login any more"),
  closePorts: z.array(z.int().min(1).max(65_535)).optional().describe("ports of logins that may be closed: [22]")
})

const output = changedShape

/** The tools that change a machine without renting or ending it: not every cloud has them, and `actions` of `show` tells. */
export const changingTools = (context: Context): ReadonlyArray<Tool> => {
  const at = async (text: string, signal: AbortSignal) => ({
    ref: await findMachine({ ...context, signal }, text),
    gpu: await context.gpu()
  })
  const power = (name: "stop" | "restart", words: Pick<Tool, "title" | "description" | "idempotent">): Tool => ({
    name,
    ...words,
    ...{ effect: "change", input: only, output },
    run: async ({ input, signal }) => {
      const { ref, gpu } = await at(only.parse(input).ref, signal)
      return { machine: machineJson(await gpu.act(ref, name, { signal })) }
    }
  })
  return [
    power("stop", {
      title: "Halt a machine and keep its disk",
      description:
        "Halts a machine and keeps its disk, which may go on costing. Not every cloud can: `actions` of `show` tells.",
      idempotent: true
    }),
    power("restart", {
      title: "Restart what runs on a machine",
      description:
        "Restarts the workload on the same machine; what is only in its memory is lost. `actions` of `show` tells whether it can.",
      idempotent: false
    }),
    {
      name: "rename",
      title: "Give a machine another name",
      description: "Gives a machine another name; what the ledger finds it by is kept.",
      ...{ effect: "change", idempotent: true, input: named, output },
      run: async ({ input, signal }) => {
        const { ref: text, name } = named.parse(input)
        const { ref, gpu } = await at(text, signal)
        return { machine: machineJson(await gpu.act(ref, "rename", name, { signal })) }
      }
    },
    {
      name: "update",
      title: "Replace parts of a running workload",
      description:
        "Each field that is given replaces the whole of what was there, what is left out stays. It may restart the workload. " +
        "An image that needs a login can only be changed by a person, with `anygpu update`.",
      ...{ effect: "change", idempotent: true, input: updated, output },
      run: async ({ input, signal }) => {
        const { ref: text, publicImage, ...given } = updated.parse(input)
        const changes = { ...present(given), ...(publicImage && { registry: null }) }
        if (Object.keys(changes).length === 0) {
          throw InvalidRequest.of("image", "is missing, and every other change too: name what is to be replaced")
        }
        const { ref, gpu } = await at(text, signal)
        return { machine: machineJson(await gpu.act(ref, "update", changes, { signal })) }
      }
    }
  ]
}
