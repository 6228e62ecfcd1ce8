import { commandText, operations } from "@anygpu/operations"
import { findMachine } from "@anygpu/operations/run"
import { PermissionDenied } from "anygpu"
import { type Purse, renting } from "./launching.ts"
import { operationTool } from "./operation-tool.ts"
import type { Tool } from "./tool.ts"

/** Ends a machine of this session before its time: nobody ends it again. */
const forgetting = (tool: Tool, { keeper }: Purse): Tool => ({
  ...tool,
  run: async (call) => {
    const answer = await tool.run(call)
    keeper.forget(String(answer.ref))
    return answer
  }
})

/** Works with what this session launched, since the limit holds nothing for other machines. */
const holding = (tool: Tool, { context, keeper }: Purse): Tool => ({
  ...tool,
  run: async ({ input, signal }) => {
    const ref = await findMachine({ ...context, signal }, String(input.ref))
    if (keeper.has(ref)) return await tool.run({ input: { ...input, ref: String(ref) }, signal })
    const message = `${ref} was not launched in this session, so that its costs are not held to the limit: a person can run ${commandText("anygpu", tool.name, ref)}`
    throw new PermissionDenied({ message, retry: "permanent", ref })
  }
})

/** Starts what this session launched. */
const starting = (tool: Tool, purse: Purse): Tool => ({
  ...holding(tool, purse),
  description:
    "Starts a machine that this session launched and stopped: the limit holds what it costs until its time is over. " +
    "Others are refused, as nothing was set aside for them."
})

/** Keeps what this session launched for longer: this server ends it then. */
const extending = (tool: Tool, purse: Purse): Tool => {
  const { context, keeper } = purse
  const { run } = holding(tool, purse)
  return {
    ...tool,
    description: `${tool.description} Only of machines that this session launched: the limit holds nothing for others.`,
    run: async (call) => {
      const answer = await run(call)
      const ref = await findMachine(context, String(answer.ref))
      const until = Date.parse(String(answer.until))
      keeper.forget(ref)
      keeper.keep({ ref, until, due: context.monotonic() + until - context.now() })
      return answer
    }
  }
}

/** Keeps in mind which runs this session began: nobody here brings them to their end. */
const remembering = (tool: Tool, { begun }: Purse): Tool => ({
  ...tool,
  run: async (call) => {
    const answer = await tool.run(call)
    begun.add(String(answer.key))
    return answer
  }
})

/** What a session does beside what an operation does, by the names of operations. */
const beside: Readonly<Record<string, (tool: Tool, purse: Purse) => Tool>> = {
  launch: renting,
  run: remembering,
  terminate: forgetting,
  start: starting,
  extend: extending
}

/** The tools that spend and end, with those that change. */
export const rentingTools = async (purse: Purse): Promise<ReadonlyArray<Tool>> => {
  const changing = operations.filter(({ effect, isLocal }) => effect !== "read" && !isLocal)
  const tools = await Promise.all(changing.map((operation) => operationTool(purse.context, operation)))
  return tools.map((tool) => beside[tool.name]?.(tool, purse) ?? tool)
}
