import { McpServer } from "@modelcontextprotocol/server"
import { visibleJson } from "anygpu"
import { version } from "../version.ts"
import { refusal } from "./refusal.ts"
import type { Tool } from "./tool.ts"

const annotationsOf = ({ title, effect, idempotent }: Tool) => ({
  title,
  readOnlyHint: effect === "read",
  destructiveHint: effect === "end",
  idempotentHint: idempotent,
  openWorldHint: true
})

/** What an agent reads before it sees the tools. */
const instructions = (spends: boolean): string =>
  [
    "Rents GPUs from several clouds, for real money.",
    "Machines are named by refs such as vast/container/123; amounts are decimals such as 2.50, sizes 24GB, times 2h 30m.",
    "`complete: false` in an answer means that something is missing, and `problems` says what.",
    spends
      ? "A launch answers before the machine runs: ask `show` until it is `ready`, and `terminate` it when it is not needed."
      : "This server only reads."
  ].join(" ")

/**
 * A server of the protocol with these tools.
 *
 * - `run` calls a tool, so that the owner of the server can wait for the calls under way.
 * - Everything that a tool throws becomes a tool error: the protocol itself never fails for it.
 */
export const makeServer = (
  tools: ReadonlyArray<Tool>,
  run: (tool: Tool, input: Readonly<Record<string, unknown>>, signal: AbortSignal) => ReturnType<Tool["run"]>
): McpServer => {
  const spends = tools.some(({ effect }) => effect === "spend")
  const server = new McpServer({ name: "anygpu", version }, { instructions: instructions(spends) })
  for (const tool of tools) {
    const { name, title, description, input: inputSchema, output: outputSchema } = tool
    server.registerTool(
      name,
      { title, description, inputSchema, outputSchema, annotations: annotationsOf(tool) },
      async (input, { mcpReq: { signal } }) => {
        try {
          const structuredContent = await run(tool, input, signal)
          return {
            structuredContent,
            content: [{ type: "text", text: visibleJson(JSON.stringify(structuredContent)) }]
          }
        } catch (error) {
          return refusal(error, signal.aborted)
        }
      }
    )
  }
  return server
}
