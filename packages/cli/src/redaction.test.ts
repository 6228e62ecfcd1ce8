import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { commands } from "./commands/index.ts"
import { simulatedClouds } from "./testing/clouds.ts"
import type { Ran, TerminalOptions } from "./testing/terminal.ts"

type Fetch = (url: string, init: RequestInit) => Promise<Response>

const planted = {
  variable: "zv7x0q-variable-\"9'<8>&%20",
  own: "zo4x1q-own-variable-55",
  filed: "zf2x9q-filed-variable-66",
  script: "zs8x3q-script-77",
  argument: "za5x6q-argument-88"
}

/** Half of a secret is a leak as well, and so is one in base64. */
const tracesOf = (secret: string): ReadonlyArray<string> => {
  const half = secret.slice(0, 10)
  return [half, secret.slice(-8), Buffer.from(half).toString("base64").slice(0, 12)]
}

const html = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** Everything of a request, as a cloud may repeat it. */
const echo = (url: string, { headers, body }: RequestInit): string =>
  JSON.stringify({ url, headers: Object.fromEntries(new Headers(headers)), body: String(body ?? "") })

const repeats: Readonly<Record<string, Fetch>> = {
  "its words": async (url, init) => Response.json({ msg: echo(url, init), detail: echo(url, init) }, { status: 400 }),
  "a page": async (url, init) =>
    new Response(`<p>${html(echo(url, init))}</p>`, { status: 200, headers: { "content-type": "text/html" } }),
  "a refusal of the key": async (url, init) =>
    Response.json({ error: `auth_error: ${echo(url, init)}` }, { status: 401 }),
  "a broken connection": async (url, init) => {
    throw new TypeError(echo(url, init), { cause: new Error(echo(url, init)) })
  }
}

/** Calls of every command, to real offers and machines. */
const callsOf = (folder: string, offer: string, machine: string): ReadonlyArray<ReadonlyArray<string>> => {
  const workload = ["--env", `A=${planted.variable}`, "--env", "OWN", "--env-file", join(folder, "env")]
  const launch = ["launch", "--offer", offer, "--image", "ubuntu:24.04", "--yes", "--no-ssh-key", ...workload]
  return [
    [...launch, "--on-start", join(folder, "start.sh")],
    [...launch, "--command", `sh -c '${planted.argument}'`, "--no-wait"],
    [...launch, "--queue", "--ttl", "1h", "--max-per-hour", "9"],
    [
      ...launch.slice(0, 7),
      "--queue",
      "--ttl",
      "1h",
      "--max-per-hour",
      "9",
      "--secret-env",
      "HF_TOKEN",
      "--key",
      "queued"
    ],
    ["orders"],
    ["cancel-order", "queued"],
    ["pool", "work", "--size", "1", "--image", "ubuntu:24.04", "--yes", "--no-ssh-key", ...workload],
    ["pool", "work", "--size", "0", "--yes"],
    [
      "pool",
      "kept",
      "--size",
      "1",
      "--image",
      "ubuntu:24.04",
      "--kept",
      "--max-all-per-hour",
      "9",
      "--yes",
      ...workload
    ],
    ["pool", "kept", "--size", "0", "--kept", "--yes"],
    ["offers", "h100"],
    ["compare", "h100"],
    ["compare", "h100", "--csv"],
    ["compare", "h100", "--html", join(folder, "report.html")],
    ["list", "--all"],
    ["show", machine],
    ["cost", machine],
    ["logs", machine],
    ["events", machine],
    ["ssh", machine, "--print"],
    ["exec", machine, "--env", `A=${planted.variable}`, "--env", "OWN", "--", `run ${planted.argument}`],
    ["cp", join(folder, "start.sh"), `${machine}:start.sh`],
    ["forward", machine, "1:0"],
    ["notebook", machine],
    ["verify", machine],
    ["run", "--on", "no-such-machine", "--env", `A=${planted.variable}`, "--key", "once", "--", "run"],
    ["jobs"],
    ["attach", "once"],
    ["stop-job", "once"],
    ["ssh-config"],
    ["presets"],
    ["images"],
    ["balance"],
    ["volumes"],
    ["spent"],
    ["market", "record"],
    ["market", "show", "h100"],
    ["market", "show", "h100", "--html", join(folder, "h100.html")],
    ["keys"],
    ["stop", machine, "--yes"],
    ["start", machine, "--yes"],
    ["extend", machine, "--for", "2h"],
    ["rename", machine, "other"],
    ["restart", machine, "--yes"],
    ["update", machine, "--yes", ...workload],
    ["audit", "--recover"],
    ["sweep", "--yes"],
    ["doctor"],
    ["completion", "bash"],
    ["mcp"],
    ["keeper"],
    ["dashboard", "--port", "0"],
    ["ledger", "move", join(folder, "none.db"), join(folder, "other.db"), "--yes"],
    ["terminate", machine, "--yes"],
    ["no-such-command", "--api-key", "x"]
  ]
}

/** Where nothing listens: no machine of a simulated cloud is there. */
const nowhere = { host: "127.0.0.1", port: 1, agent: false as const }

const world = async () => {
  const clouds = simulatedClouds()
  const { folder, env, simulators } = clouds
  const { ref } = await clouds.rent("trainer")
  const listed: unknown = JSON.parse(
    (await clouds.run("offers", "--cloud", "vast", "--kind", "container", "--json")).stdout
  )
  const offer = /"(vast\/container\/[^"]+)"/.exec(JSON.stringify(listed))?.[1] ?? ""
  writeFileSync(join(folder, "env"), `FILED=${planted.filed}\n`)
  writeFileSync(join(folder, "start.sh"), `#!/bin/sh\nrun ${planted.script}\n`)
  const config = {
    clouds: { vast: { apiKey: simulators.vast.apiKey }, fluence: { apiKey: simulators.fluence.apiKey } }
  }
  writeFileSync(env.ANYGPU_CONFIG, JSON.stringify(config), { mode: 0o600 })
  const keys = Object.values(simulators).map(({ apiKey }) => apiKey)
  const own = { VAST_API_KEY: "", FLUENCE_API_KEY: "", OWN: planted.own }
  const traces = [...Object.values(planted), ...keys].flatMap(tracesOf)
  const leakIn = ({ stdout, stderr }: Ran) => traces.find((trace) => `${stdout}\n${stderr}`.includes(trace)) ?? null
  const run = (options: TerminalOptions, argv: ReadonlyArray<string>) =>
    clouds.runWith(
      {
        signal: AbortSignal.timeout(["mcp", "keeper", "dashboard"].includes(argv[0] ?? "") ? 300 : 10_000),
        ssh: nowhere,
        ...options,
        env: own
      },
      ...argv
    )
  return {
    clouds,
    run,
    leakIn,
    keys,
    calls: callsOf(folder, offer, String(ref)),
    [Symbol.dispose]: clouds[Symbol.dispose]
  }
}

const shapes: ReadonlyArray<readonly [string, TerminalOptions, ReadonlyArray<string>]> = [
  ["in a pipe", {}, []],
  ["in a terminal", { columns: 120 }, ["--no-input"]],
  ["as JSON", {}, ["--json"]]
]

describe.each(shapes)("no command shows a secret %s", (_, options, more) => {
  test("while the clouds answer", { timeout: 240_000 }, async () => {
    using setUp = await world()
    const codes = []
    for (const call of setUp.calls) {
      const ran = await setUp.run(options, [...call, ...more])
      codes.push([call[0], ran.code])
      expect([call, setUp.leakIn(ran)]).toEqual([call, null])
    }
    for (const name of ["launch", "offers", "list", "show", "balance", "terminate"]) {
      expect(codes).toContainEqual([name, 0])
    }
  })

  test.each(Object.entries(repeats))(
    "while the clouds repeat what was sent in %s",
    { timeout: 240_000 },
    async (__, repeat) => {
      using setUp = await world()
      const fetch = { vast: repeat, fluence: repeat, huddle: repeat }
      for (const call of setUp.calls) {
        const ran = await setUp.run({ ...options, fetch }, [...call, ...more])
        expect([call, setUp.leakIn(ran)]).toEqual([call, null])
      }
    }
  )
})

test("every command was called", async () => {
  using setUp = await world()
  const called = new Set(setUp.calls.map(([name]) => name))
  // These two go on until they are interrupted, and print what others print.
  const missing = commands.map(({ name }) => name).filter((name) => !called.has(name))
  expect(missing).toEqual(["watch", "sim"])
})

test("a broken config file is named, and nothing in it is shown", async () => {
  using setUp = await world()
  const [key = ""] = setUp.keys
  for (const text of [`{"clouds":{"vast":{"apiKey":"${key}"}`, JSON.stringify({ clouds: { vast: { apikey: key } } })]) {
    writeFileSync(setUp.clouds.env.ANYGPU_CONFIG, text, { mode: 0o600 })
    for (const json of [[], ["--json"]]) {
      const ran = await setUp.run({}, ["list", ...json])
      expect([ran.code === 0, setUp.leakIn(ran)]).toEqual([false, null])
    }
  }
})
