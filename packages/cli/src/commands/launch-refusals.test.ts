import { exitCodes } from "@anygpu/operations/failure"
import { describe, expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"
import { errorOf, mcpSession } from "../testing/mcp.ts"

type Clouds = ReturnType<typeof simulatedClouds>

const machinesOf = ({ simulators }: Clouds) => Object.values(simulators).flatMap((simulator) => simulator.truth())
const sentTo = ({ simulators }: Clouds) =>
  Object.values(simulators).reduce((sum, simulator) => sum + simulator.requests().length, 0)
const order = ["launch", "--min-vram", "24GB", "--count", "1", "--kind", "container", "--image", "a/b", "--for", "3h"]
/** The market has a machine without open ports, which is the cheapest. */
const withPort = [...order, "--port", "8000", "--no-ssh-key", "--cloud", "vast"]

describe("an offer that cannot run the launch", () => {
  test("is not quoted: the first one that can is, and the others are counted by the option", async () => {
    using clouds = simulatedClouds()
    const without = await clouds.run(...withPort.filter((word) => word !== "--port" && word !== "8000"))
    const { stderr } = await clouds.run(...withPort)
    expect(stderr).toMatch(/left out: vast\/container: --port are 1, this machine opens at most 0 \(\d+ offers\)/)
    const offerIn = (text: string) => /^offer +(\S+)/m.exec(text)?.[1]
    expect(offerIn(stderr)).toBeDefined()
    expect(offerIn(stderr)).not.toBe(offerIn(without.stderr))
  })

  test("is launched past, without a refusal", async () => {
    using clouds = simulatedClouds()
    const { code, stderr } = await clouds.run(...withPort, "--yes", "--max-total", "50")
    expect([code, stderr.includes("opens at most")]).toEqual([exitCodes.done.code, true])
    expect(machinesOf(clouds)).toHaveLength(1)
  })

  test.each([
    ["keys beside a command", ["--command", "run", "--ssh-key", "KEY"], /--ssh-key have no effect beside command/],
    [
      "a start script beside a command",
      ["--command", "run", "--on-start", "KEY"],
      /--on-start would replace the entrypoint/
    ],
    ["an extra disk", ["--volume", "data=200GB"], /--volume takes none/],
    ["a place", ["--location", "FI"], /--location takes none/]
  ])("ends the launch only when all are such: %s", async (_, more, message) => {
    using clouds = simulatedClouds()
    const { writeFileSync } = await import("node:fs")
    const file = `${clouds.folder}/key.pub`
    writeFileSync(file, "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90cw0123456789abcdef me@laptop\n")
    const words = more.map((word) => (word === "KEY" ? file : word))
    const { code, stderr } = await clouds.run(...order, "--cloud", "vast", ...words, "--yes")
    expect(code).toBe(exitCodes.usage.code)
    expect(stderr).toMatch(/No offer that fits can run this launch/)
    expect(stderr).toMatch(message)
    expect(machinesOf(clouds)).toEqual([])
  })

  test("that is named is refused before anything is asked", async () => {
    using clouds = simulatedClouds()
    const [, ref = ""] =
      /^offer +(\S+)/m.exec((await clouds.run(...order, "--no-ssh-key", "--cloud", "vast")).stderr) ?? []
    const named = ["launch", ref, "--image", "a/b", "--port", "8000", "--port", "8001", "--no-ssh-key"]
    const { code, stderr, stdout } = await clouds.run(...named, "--for", "3h", "--location", "FI")
    expect([code, stdout]).toEqual([exitCodes.usage.code, ""])
    expect(stderr).not.toMatch(/^offer/m)
    expect(stderr).toContain("location")
  })
})

describe("interruptible offers", () => {
  test("take a bid, which is asked for before anything else", async () => {
    using clouds = simulatedClouds()
    const { code, stderr } = await clouds.run(...order, "--interruptible", "--yes")
    expect([code, stderr]).toEqual([exitCodes.usage.code, expect.stringContaining("--bid: is missing")])
    expect(sentTo(clouds)).toBe(0)
  })

  test("are quoted at the bid", async () => {
    using clouds = simulatedClouds()
    const { stderr } = await clouds.run(...order, "--no-ssh-key", "--interruptible", "--bid", "3")
    expect(stderr).toMatch(/\$9\.00 +compute: 10800 seconds at \$3\.00 per hour/)
  })

  test("are rented by agents with a bid, and not without", async () => {
    using clouds = simulatedClouds()
    const session = await mcpSession(clouds, ["--allow-spend", "50"])
    const job = { for: "1h", name: "bid", image: "a/b", interruptible: true, gpu: "RTX 4090" }
    expect(errorOf(await session.call("launch", job)).error).toMatchObject({ tag: "InvalidRequest" })
    expect(machinesOf(clouds)).toEqual([])
    expect((await session.call("launch", { ...job, bid: "2" })).isError).toBeFalsy()
    expect(machinesOf(clouds)).toHaveLength(1)
  })
})

test("agents are not led to an offer that cannot run their launch", async () => {
  using clouds = simulatedClouds()
  const session = await mcpSession(clouds, ["--allow-spend", "50"])
  const job = { for: "1h", name: "web", image: "a/b", ports: [{ port: 8000 }], gpu: "RTX 4090" }
  expect((await session.call("launch", job)).isError).toBeFalsy()
  expect(machinesOf(clouds)).toHaveLength(1)
  const never = await session.call("launch", { ...job, command: ["run"], onStart: "echo" })
  expect(errorOf(never).error).toMatchObject({ tag: "Unsupported", message: expect.stringContaining("onStart") })
})
