import { readFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"
import { execShape } from "@anygpu/operations/protocol"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"
import { sshMachine, withoutSshd } from "../testing/machine.ts"
import { answerOf, errorOf, mcpSession } from "../testing/mcp.ts"

describe.skipIf(withoutSshd)("exec, for agents", () => {
  let machine: Awaited<ReturnType<typeof sshMachine>>
  let clouds: ReturnType<typeof simulatedClouds>
  let session: Awaited<ReturnType<typeof mcpSession>>
  beforeAll(async () => {
    machine = await sshMachine()
    clouds = simulatedClouds()
    await clouds.rent("trainer")
    session = await mcpSession(clouds, ["--allow-spend", "1"], { ssh: machine.ssh })
  }, 240_000)
  afterAll(async () => {
    await session?.end()
    await machine?.[Symbol.asyncDispose]()
    clouds?.[Symbol.dispose]()
  })
  const exec = async (input: Readonly<Record<string, unknown>>) =>
    execShape.strict().parse(answerOf(await session.call("exec", { ref: "trainer", ...input })))

  test("tells the code and both outputs, and gives an input", async () => {
    const ran = await exec({ command: ["cat; echo no >&2; exit 3"], stdin: "hello", env: { A: "1" } })
    expect(ran).toMatchObject({ code: 3, stdout: "hello", stderr: "no\n", timedOut: false })
    expect((await exec({ command: ["printf", "%s", "a,b $HOME"] })).stdout).toBe("a,b $HOME")
  })

  test("keeps the last of a long output, whole characters alone, and says how much came before", async () => {
    const ran = await exec({ command: ["for i in $(seq 1000); do printf ü; done; printf end"], limit: 100 })
    expect(ran).toMatchObject({ stdout: `${"ü".repeat(48)}end`, leftOut: { stdout: 2003 - 99, stderr: 0 } })
    const usual = await exec({ command: ["head -c 1000000 /dev/zero | tr '\\0' x"] })
    expect([usual.stdout.length, usual.leftOut.stdout]).toEqual([20_000, 980_000])
  })

  test("ends what takes too long, and answers what it wrote by then", { timeout: 240_000 }, async () => {
    const pid = join(machine.folder, "agent-pid")
    const ran = await exec({ command: [`echo $$ > ${pid}; echo begun; sleep 600`], timeout: "1s" })
    expect(ran).toMatchObject({ timedOut: true, stdout: "begun\n" })
    await setTimeout(50)
    const state = () => {
      try {
        return readFileSync(`/proc/${readFileSync(pid, "utf8").trim()}/stat`, "utf8").split(" ")[2]
      } catch {
        return "gone"
      }
    }
    expect(["Z", "gone"]).toContain(state())
  })

  test("refuses what cannot be run", async () => {
    expect(errorOf(await session.call("exec", { ref: "nobody", command: ["true"] })).error.tag).toBe("NotFound")
    expect((await session.call("exec", { ref: "trainer" })).isError).toBe(true)
    expect(errorOf(await session.call("exec", { ref: "trainer", command: [] })).error.tag).toBe("InvalidRequest")
    const odd = await session.call("exec", { ref: "trainer", command: ["true"], env: { "a b": "1" } })
    expect(errorOf(odd).error).toMatchObject({ tag: "InvalidRequest", message: expect.stringContaining("env.a b") })
  })

  test("copies no files of this computer", async () => {
    const { tools } = await session.client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(["exec", "notebook", "forward", "presets"]))
    expect(tools.map(({ name }) => name)).not.toContain("cp")
  })
})

test("a server that only reads runs nothing on machines", async () => {
  using clouds = simulatedClouds()
  const session = await mcpSession(clouds, [])
  const names = (await session.client.listTools()).tools.map(({ name }) => name)
  for (const name of ["exec", "notebook", "cp"]) expect(names).not.toContain(name)
  await session.end()
})
