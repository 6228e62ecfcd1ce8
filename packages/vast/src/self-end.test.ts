import { execFile } from "node:child_process"
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createVastSimulator } from "@anygpu/simulators"
import * as Effect from "effect/Effect"
import { describe, expect, it, test } from "vitest"
import { bodies, simulated } from "./cloud.test-support.ts"
import { vast } from "./index.ts"

const hour = 3_600

const found = (tool: string): string | undefined =>
  (process.env["PATH"] ?? "")
    .split(":")
    .map((folder) => join(folder, tool))
    .find(existsSync)

/** A folder of programs for a script: a clock that only sleeping moves, and of the tools that can ask a server just one. */
const machineWith = (tool: string, seconds: number, naps: number) => {
  const folder = mkdtempSync(join(tmpdir(), "anygpu-self-end-"))
  const [clock, slept] = [join(folder, "clock"), join(folder, "slept")]
  writeFileSync(clock, `${seconds}`)
  writeFileSync(slept, "")
  const program = (name: string, lines: ReadonlyArray<string>) => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${lines.join("\n")}\n`)
    chmodSync(join(folder, name), 0o755)
  }
  program("date", [`/bin/cat ${clock}`])
  program("sleep", [
    `echo "$1" >>${slept}`,
    `now=$(/bin/cat ${clock})`,
    `echo $((now + $1)) >${clock}`,
    `if [ "$(/usr/bin/wc -l <${slept})" -ge ${naps} ]; then kill "$PPID"; fi`
  ])
  const path = found(tool)
  if (path !== undefined) program(tool, [`PATH="${process.env["PATH"]}" exec ${path} "$@"`])
  return {
    naps: () => readFileSync(slept, "utf8").trim().split("\n").map(Number),
    run: (script: string, env: Readonly<Record<string, string>>) =>
      new Promise<string>((resolve, reject) => {
        // What goes on in the background holds the streams open: it is waited for.
        const child = execFile("/bin/sh", ["-c", `${script}\nwait`], { env: { PATH: folder, ...env } }, (error, out) =>
          error && child.exitCode !== 0 ? reject(error) : resolve(out)
        )
      }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true })
  }
}

/** A container on a simulated Vast that is reached over a socket, with what Vast puts into its environment. */
const container = async () => {
  const simulator = createVastSimulator({ credit: 100 })
  const server = await simulator.listen()
  const { containers } = vast({ apiKey: simulator.apiKey, baseUrl: server.url })
  const [offer] = (await Effect.runPromise(containers.offers())).items
  if (!offer) throw new Error("the market is empty")
  const more = { onStart: "echo mine", endsItself: true, ttl: "1 hour" } as const
  const launch = containers.launch({ offer, name: "job", image: "ubuntu:22.04", ...more })
  const { ref } = await Effect.runPromise(launch)
  const sent = simulator.requests().find(({ path }) => path === `/api/v0/asks/${offer.id}/`)?.body
  const { onstart } = sent as { onstart: string }
  return { simulator, server, onstart, env: simulator.environmentOf(Number(ref.id)) }
}

describe.each(["curl", "wget", "python3"])("with %s", (tool) => {
  it.skipIf(found(tool) === undefined)(
    "a container destroys itself at its time, and asks for nothing before",
    async () => {
      const { simulator, server, onstart, env } = await container()
      await using _ = server
      const [, end] = /\$\(\((\d+) - /.exec(onstart) ?? []
      using machine = machineWith(tool, Number(end) - 150, 4)
      const before = simulator.requests().length
      expect(await machine.run(onstart, env)).toBe("mine\n")
      expect(simulator.machines().map(({ alive }) => alive)).toEqual([false])
      const asked = simulator.requests().slice(before)
      expect(asked.map(({ method, status }) => `${method} ${status}`)[0]).toBe("DELETE 200")
      // 150 seconds in steps of a minute at most, and a minute after the end.
      expect(machine.naps()).toEqual([60, 60, 30, 60])
    }
  )
})

test("its end is five minutes after the lease, in the create itself, and holds no key", async () => {
  const world = simulated()
  const { launch, clock, simulator } = world
  const before = clock.now() / 1000
  await launch({ endsItself: true, ttl: "1 hour" } as never)
  const [body] = bodies(world, simulator.requests().find(({ method }) => method === "PUT")?.path ?? "")
  const { onstart } = body as { onstart: string }
  const end = Number(/\$\(\((\d+) - /.exec(onstart)?.[1])
  expect(end - before - hour).toBeGreaterThanOrEqual(300)
  expect(end - before - hour).toBeLessThan(320)
  expect(onstart).not.toContain(simulator.apiKey)
  expect(onstart).toContain("$CONTAINER_API_KEY")
})

test("the key of a machine reaches that machine and nothing else", async () => {
  const { server, env } = await container()
  await using _ = server
  const id = Number(env.CONTAINER_ID)
  const ask = async (method: string, path: string) => {
    const headers = { authorization: `Bearer ${env.CONTAINER_API_KEY}`, "content-type": "application/json" }
    return (await fetch(`${server.url}${path}`, { method, headers, ...(method === "GET" ? {} : { body: "{}" }) }))
      .status
  }
  expect(await ask("GET", "/api/v1/instances/")).toBe(401)
  expect(await ask("GET", `/api/v0/instances/${id}/`)).toBe(401)
  expect(await ask("DELETE", `/api/v0/instances/${id + 1}/`)).toBe(401)
  expect(await ask("DELETE", `/api/v0/instances/${id}/`)).toBe(200)
})
