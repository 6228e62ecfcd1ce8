/**
 * An agent over MCP, played by a script: it starts `anygpu mcp`, sees which tools there are, compares, launches, waits
 * and terminates. The server holds it to its allowance, and ends the machine when its time is over.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { Client } from "@modelcontextprotocol/client"
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio"
import { z } from "zod"
import { settingsOf } from "./clouds.ts"

/** The command `anygpu`: from its sources in this repository, elsewhere as the package brings it. */
const sources = fileURLToPath(new URL("../packages/cli/src/bin.ts", import.meta.url))
const command = existsSync(sources)
  ? ["--conditions=anygpu-source", sources]
  : [fileURLToPath(new URL("bin/bin.js", import.meta.resolve("anygpu/package.json")))]

const { real, spend } = await settingsOf({ rents: true })
const folder = mkdtempSync(join(tmpdir(), "anygpu-agent-"))
const sim = real.length === 0 ? ["--sim", "--sim-state", join(folder, "simulation.db")] : []
const allowed = ["--allow-spend", real.length === 0 ? "5" : spend, ...real.flatMap(({ name }) => ["--cloud", name])]
const env = Object.fromEntries(Object.entries(process.env).flatMap(([name, text]) => (text ? [[name, text]] : [])))

const agent = new Client({ name: "example", version: "1.0.0" })
await agent.connect(
  new StdioClientTransport({ command: process.execPath, args: [...command, ...sim, "mcp", ...allowed], env })
)

/** Calls a tool and reads of its answer what is needed here. */
const call = async <S extends z.ZodType>(
  name: string,
  input: Record<string, unknown>,
  shape: S
): Promise<z.output<S>> => {
  const { isError, content, structuredContent } = await agent.callTool({ name, arguments: input })
  if (isError) throw new Error(`${name}: ${JSON.stringify(content)}`)
  return shape.parse(structuredContent)
}

const money = z.object({ amount: z.string(), currency: z.string() })
const cost = z.object({ total: money })
const candidate = z.object({ offer: z.object({ ref: z.string() }), cost })
const compared = z.object({ candidates: z.array(candidate), problems: z.array(z.unknown()) })
const machineShape = z.object({ ref: z.string(), status: z.string(), ready: z.boolean() })
const launched = z.object({
  machine: machineShape,
  quote: z.object({ cost }).nullable(),
  endsAt: z.string().nullable()
})
const terminated = z.object({ ref: z.string(), leftovers: z.array(z.string()) })

try {
  const { tools } = await agent.listTools()
  console.log(`tools: ${tools.map(({ name }) => name).join(", ")}`)

  const job = { for: "2h", minVram: "24GB", count: 1, kind: ["container"] }
  const { candidates, problems } = await call("compare", job, compared)
  const [best] = candidates
  if (!best) throw new Error(`no offer fits; not asked: ${JSON.stringify(problems)}`)
  console.log(
    `best of ${candidates.length}: ${best.offer.ref} for ${best.cost.total.amount} ${best.cost.total.currency}`
  )

  const wanted = {
    ...job,
    offer: best.offer.ref,
    name: "agent",
    image: "pytorch/pytorch:latest",
    key: `agent-${Date.now()}`
  }
  const { machine, quote, endsAt } = await call("launch", wanted, launched)
  const { ref } = machine
  console.log(`launched ${ref} for ${quote?.cost.total.amount}; it ends by itself at ${endsAt}`)
  try {
    for (let seen = machine; !seen.ready; seen = await call("show", { ref }, machineShape)) {
      console.log(`${ref} is ${seen.status}`)
      if (["failed", "terminated"].includes(seen.status)) throw new Error(`${ref} did not come up`)
      await sleep(real.length === 0 ? 300 : 10_000)
    }
    console.log(`${ref} is ready`)
  } finally {
    const { leftovers } = await call("terminate", { ref }, terminated)
    console.log(`${ref} is ended; left: ${leftovers.join(", ") || "nothing"}`)
  }
} finally {
  await agent.close()
  rmSync(folder, { recursive: true, force: true })
}
