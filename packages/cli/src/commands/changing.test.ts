import { exitCodes } from "@anygpu/operations/failure"
import { machineShape, shownShape } from "@anygpu/operations/protocol"
import { describe, expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"

type Clouds = ReturnType<typeof simulatedClouds>

const shown = async (clouds: Clouds, text: string) =>
  machineShape.parse(JSON.parse((await clouds.run("show", text, "--json")).stdout))

/** Rents a container on Fluence, which can be updated. */
const rentUpdatable = async (clouds: Clouds): Promise<string> => {
  const argv = [
    "launch",
    "h100",
    "--cloud",
    "fluence",
    "--kind",
    "container",
    "--image",
    "me/api:1",
    "--port",
    "80/http"
  ]
  const { stdout } = await clouds.run(...argv, "--env", "A=1", "--name", "api", "--yes", "--json")
  return JSON.parse(stdout).machine.ref
}

describe("anygpu stop, start, restart", () => {
  test("stop asks, start brings it back", async () => {
    using clouds = simulatedClouds()
    const { ref } = await clouds.rent("trainer")
    const asked = await clouds.run("stop", "trainer")
    expect(asked.code).toBe(exitCodes.declined.code)
    expect(asked.stderr).toMatch(
      new RegExp(`^Stop ${ref} \\(trainer, 1x RTX 4090, \\$0\\.\\d+ per hour, .* old, ready\\)\\?`)
    )
    expect((await shown(clouds, "trainer")).status).toBe("running")
    const stopped = await clouds.run("stop", "trainer", "--yes")
    expect(stopped).toMatchObject({ code: 0, stderr: "" })
    expect(stopped.stdout).toMatch(new RegExp(`^${ref} \\(trainer\\) is stopp\\w+; billed now: `))
    await clouds.clock.sleep(120_000)
    expect((await shown(clouds, "trainer")).status).toBe("stopped")
    const started = await clouds.run("start", "trainer", "--json")
    expect(machineShape.strict().parse(JSON.parse(started.stdout)).ref).toBe(String(ref))
    await clouds.clock.sleep(300_000)
    expect((await shown(clouds, "trainer")).status).toBe("running")
    expect((await clouds.run("restart", "trainer", "--yes")).code).toBe(0)
  })

  test.each([
    [["start", "trainer"], 5, "is running: start is not possible now"],
    [["stop", "fluence/baremetal/x", "--yes"], 2, "these have it: huddle/vm, vast/container, vast/vm"],
    [["stop", "nobody", "--yes"], 4, "No such machine is known here"],
    [["restart", "vast/container/999", "--yes"], 4, "vast/container/999"]
  ])("%j ends with %i", async (argv, code, message) => {
    using clouds = simulatedClouds()
    await clouds.rent("trainer")
    const ran = await clouds.run(...argv)
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code, stdout: "" })
    expect(ran.stderr).toContain(message)
  })
})

describe("anygpu rename and update", () => {
  test("a name that the cloud shortens is shown whole, with the part it keeps; show has the cloud's own facts", async () => {
    using clouds = simulatedClouds()
    const ref = await rentUpdatable(clouds)
    await clouds.clock.sleep(600_000)
    const renamed = await clouds.run("rename", ref, "my-updated-container")
    expect(renamed.code).toBe(0)
    await clouds.clock.sleep(600_000)
    const printed = (await clouds.run("show", "my-updated-container", "--json")).stdout
    const machine = shownShape.parse(JSON.parse(printed))
    expect(machine).toMatchObject({ name: "my-updated-container", keptName: "my-updated-c" })
    expect(machine.native).toMatchObject({
      updated_at: expect.any(String),
      container_info: { image: "me/api:1", expose: [{ port: "80", protocol: "http" }], environment: [{ name: "A" }] }
    })
    expect((await clouds.run("show", ref)).stdout).toContain("my-updated-container, kept as my-updated-c by fluence")
  })

  test("rename keeps the marker", async () => {
    using clouds = simulatedClouds()
    const { ref, marker } = await clouds.rent("trainer")
    const { code, stdout } = await clouds.run("rename", "trainer", "old trainer")
    expect({ code, ref: stdout.split(" ")[0] }).toEqual({ code: 0, ref: String(ref) })
    expect(await shown(clouds, "old trainer")).toMatchObject({ ref: String(ref), marker })
  })

  test("update asks, then replaces what was given and nothing else", async () => {
    using clouds = simulatedClouds()
    const ref = await rentUpdatable(clouds)
    const asked = await clouds.run("update", "api", "--image", "me/api:2", "--env", "B=2")
    expect(asked.code).toBe(exitCodes.declined.code)
    expect(asked.stderr).toMatch(/^Replace image, env of fluence\/container\/\S+ \(api, /)
    const { code, stdout } = await clouds.run("update", "api", "--image", "me/api:2", "--env", "B=2", "--yes")
    expect({ code, ref: stdout.split(" ")[0] }).toEqual({ code: 0, ref })
    const sent = clouds.simulators.fluence.requests().findLast(({ method }) => method === "PUT" || method === "PATCH")
    expect(JSON.stringify(sent?.body)).toContain("me/api:2")
    expect(JSON.stringify(sent?.body)).toContain('"B"')
  })

  test.each([
    [["update", "api"], 2, "nothing to change"],
    [["update", "api", "--image", "a", "--registry-user", "me"], 2, "--registry-password-stdin"],
    [["update", "api", "--close-port", "x"], 2, "--close-port"],
    [["update", "vast/container/1", "--image", "a", "--yes"], 2, "these have it: fluence/container"],
    [["rename", "vast/container/1", ""], 2, "name"]
  ])("%j ends with %i", async (argv, code, message) => {
    using clouds = simulatedClouds()
    const ran = await clouds.run(...argv)
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code, stdout: "" })
    expect(ran.stderr).toContain(message)
  })
})
