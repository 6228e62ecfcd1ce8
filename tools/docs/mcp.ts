import { PassThrough } from "node:stream"
import { makeContext } from "../../packages/cli/src/context.ts"
import { makeKeeper } from "../../packages/cli/src/mcp/keeper.ts"
import { readingTools } from "../../packages/cli/src/mcp/reading.ts"
import { rentingTools } from "../../packages/cli/src/mcp/renting.ts"
import type { Tool } from "../../packages/cli/src/mcp/tool.ts"
import { money } from "../../packages/core/src/index.ts"
import { codes, page, table } from "./markdown.ts"

/** The tools, as a session has them that may spend; none is called, so that nothing is opened. */
const toolsOf = async (): Promise<ReadonlyArray<Tool>> => {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  const context = makeContext(
    { stdin, stdout, stderr, env: {}, signal: new AbortController().signal },
    {
      ...{ json: true, quiet: true, input: false, color: false, sim: false, simState: undefined },
      ...{ config: undefined, ledger: undefined, answerWithin: undefined, clouds: null, accounts: null }
    }
  )
  const keeper = makeKeeper(async () => {}, { now: () => 0, monotonic: () => 0, warn: () => {} })
  return [
    ...(await readingTools(context)),
    ...(await rentingTools({ context, limit: money("1"), keeper, begun: new Set() }))
  ]
}

const effects: Readonly<Record<Tool["effect"], string>> = {
  read: "reads",
  change: "changes",
  spend: "spends",
  end: "ends for good"
}

const inputOf = ({ input }: Tool): ReadonlyArray<string> =>
  Object.entries(input.shape).map(([name, schema]) => (schema.safeParse(undefined).success ? name : `${name} (needed)`))

const start = `\`\`\`json
{
  "mcpServers": {
    "anygpu": { "command": "npx", "args": ["-y", "anygpu", "mcp", "--allow-spend", "20"] }
  }
}
\`\`\``

const trial = `\`\`\`json
{ "mcpServers": { "anygpu": { "command": "npx", "args": ["-y", "anygpu", "--sim", "mcp", "--allow-spend", "20"] } } }
\`\`\``

/** \`anygpu mcp\`: what agents can do, and what holds them. */
export const mcpPage = async (): Promise<string> => {
  const tools = await toolsOf()
  return page(
    "anygpu for agents",
    "`anygpu mcp` serves the operations of the command over the [Model Context Protocol](https://modelcontextprotocol.io) on its standard streams, in both generations of the protocol. An agent's program starts it itself; most take a file such as this one:",
    start,
    "Keys come from the environment or the config file, as for every command, and are in no message. Without a key the server does not start, and says so on standard error with exit code 3. Clouds that never cost anything, to try it:",
    trial,
    "## What it may do",
    [
      "- Without `--allow-spend` it only reads: the tools that change anything are not there.",
      "- `--allow-spend 20` lets launches cost 20 together, in dollars, USD and USDC alike. A launch that would pass it is refused before anything is sent. What was set aside for a machine stays spent when it is ended early. It is kept in the ledger: sessions share it, and a restart does not refill it. `--budget july` begins another one.",
      "- A launch needs a time (`for`), for that its whole cost is reckoned, with minimums, disk and rounding, and when it is over the server ends the machine. When the server is gone by then, `anygpu sweep` ends it: the time is in the ledger before the launch is sent. Run it from cron. Traffic is not in the reckoning.",
      "- `start` starts what this session launched, since nothing is set aside for other machines. The others take any machine of the accounts.",
      "- Machines are named by their whole ref, id or name, never by a part of one. A name that has ended is that machine, which is gone: no other one is taken for it.",
      "- What an agent sends is all that is used: no file and no variable of this computer goes into a launch.",
      "- `exec` and `notebook` log in to machines with the ssh keys of this computer, and run there what they are given: they need `--allow-spend` as well. `forward` says the command that a person runs, since a port is open only while a process on that person's computer is. `cp` is no tool, as it reads and writes files of this computer: a small file goes in by the `stdin` of `exec`."
    ].join("\n"),
    "## Launching",
    "`launch` answers with its quote (in `quote.cost`: `total`, `perHour`, `upfront`) as soon as the machine is made, mostly some minutes before it is `ready`: agents give up on calls that last long. A refused launch has the quote too, where there was an offer to quote. When the call is cancelled, or the agent goes away, while the launch is under way, the machine is ended. With a `key` a launch is made once, however often the agent calls, and also in another session; the key of a launch with other wishes is a `Conflict`, and so is one whose machine has ended.",
    "When the agent goes away, machines stay until their time is over; the server names them on standard error.",
    "## Tools",
    table(
      ["Tool", "Does", "What it is for", "Input"],
      tools.map((tool) => [`\`${tool.name}\``, effects[tool.effect], tool.description, codes(inputOf(tool))])
    ),
    "The tools are the operations behind the [commands](../../packages/cli/README.md) of the same names, and take the same values: amounts, sizes and times as they are written there. Most answer what the command prints with [`--json`](json.md): `cost` in a field `cost`, one machine that was changed in a field `machine`. `watch` ends by itself, `ssh` and `forward` run nothing and say the command, `ssh-config` writes nothing, and `terminate` ends one machine. Every tool has the schema of its answer.",
    "## Errors",
    'A call that fails is a tool error, and its text is JSON: `{ "error": { "tag", "message", "retry", "advice", ... } }`, as in [what --json prints](json.md#a-failure), with what to do. Machines that may be left behind are in `leftovers`. The [tags](../reference/errors.md) are those of the SDK.'
  )
}
