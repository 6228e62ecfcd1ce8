import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { exitCodes } from "@anygpu/operations/failure"
import { errorShape } from "@anygpu/operations/protocol"
import { describe, expect, test } from "vitest"
import { launchShape } from "../json/launch.ts"
import { simulatedClouds } from "../testing/clouds.ts"

type Clouds = ReturnType<typeof simulatedClouds>

const order = ["launch", "h100", "--cloud", "vast", "--image", "pytorch/pytorch", "--for", "3h"]

/** Everything that was ever made on all clouds. */
const machinesOf = ({ simulators }: Clouds) => Object.values(simulators).flatMap((simulator) => simulator.truth())
const aliveOf = (clouds: Clouds) => machinesOf(clouds).filter(({ isAlive }) => isAlive)

describe("limits of a launch", () => {
  test("a job above --max-total is refused: named offers with what it costs, others with the cheapest", async () => {
    using clouds = simulatedClouds()
    const none = await clouds.run(...order, "--yes", "--max-total", "0.50")
    expect(none.code).toBe(exitCodes.funds.code)
    expect(none.stderr).toMatch(
      /No offer fits within maxTotal \$0\.50\. The cheapest that fits otherwise: vast\/container\//
    )
    const { ref } = JSON.parse((await clouds.run("offers", "h100", "--cloud", "vast", "--json")).stdout).offers[0]
    const named = await clouds.run("launch", ref, "--image", "a/b", "--yes", "--for", "3h", "--max-total", "0.50")
    expect(named.code).toBe(exitCodes.funds.code)
    expect(named.stderr).toMatch(/costs \$\d.*for the job, above the limit of \$0\.50\. Nothing was sent\.\n$/)
    expect(machinesOf(clouds)).toEqual([])
  })

  test("an offer that got dearer since the quote is not rented, even with a yes", async () => {
    using clouds = simulatedClouds()
    const { vast } = clouds.simulators
    const { ref } = JSON.parse((await clouds.run("offers", "h100", "--cloud", "vast", "--json")).stdout).offers[0]
    let looks = 0
    vast.onRequest(({ path }) => {
      if (!path.includes("bundles")) return
      looks += 1
      // The quote rests on the first look of the launch.
      if (looks === 1) vast.changePrice(Number(ref.split("/").at(-1)), 1.5)
    })
    const { code, stderr } = await clouds.run("launch", ref, "--image", "a/b", "--yes")
    expect(code).not.toBe(0)
    expect(stderr).toContain("above the limit")
    expect(machinesOf(clouds)).toEqual([])
  })

  /** Launches, while somebody else takes the best offer just after the quote. */
  const beaten = async (clouds: Clouds, ...argv: ReadonlyArray<string>) => {
    const { vast } = clouds.simulators
    const [, first = ""] = /^offer +vast\/container\/(\d+)/m.exec((await clouds.run(...order)).stderr) ?? []
    const leave = vast.onRequest(({ path }) => {
      if (!path.includes("bundles")) return
      leave()
      vast.takeOffer(Number(first))
    })
    return { first, ...(await clouds.run(...order, "--yes", ...argv)) }
  }

  test("goes on to the next offer that was shown when the first is taken", async () => {
    using clouds = simulatedClouds()
    const { first, code, stderr } = await beaten(clouds, "--max-total", "100")
    const [, second] = /^if it is gone +vast\/container\/(\d+)/m.exec(stderr) ?? []
    expect(code).toBe(0)
    expect(stderr).toContain(`vast/container/${first}: gone`)
    expect(aliveOf(clouds).map(({ of }) => of)).toEqual([second])
  })

  test("a yes to one price is no yes to a much higher one", async () => {
    using clouds = simulatedClouds()
    const { code, stderr } = await beaten(clouds)
    expect(code).toBe(exitCodes.capacity.code)
    expect(stderr).toMatch(/^if it is gone +nothing else is tried$/m)
    expect(machinesOf(clouds)).toEqual([])
  })
})

describe("a launch that goes wrong", () => {
  test.each([
    [["launch"], 2, "--image"],
    [["launch", "h100", "--ttl", "soon"], 2, "--ttl"],
    [["launch", "h100", "--image", "a", "--env", "X"], 2, "--env"],
    [["launch", "h100", "--image", "a", "--volume", "x"], 2, "--volume"],
    [["launch", "hundred", "--image", "a"], 6, "hundred"],
    [["launch", "vast/container/1", "--image", "a", "--gpu", "h100"], 2, "leave out"],
    [["launch", "vast/container/1", "--image", "a"], 6, "not on the market"],
    [["launch", "h100", "--image", "a", "--race", "--key", "k", "--yes"], 2, "--key"]
  ])("%j ends with %i", async (argv, code, message) => {
    using clouds = simulatedClouds()
    const ran = await clouds.run(...argv)
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code, stdout: "" })
    expect(ran.stderr).toContain(message)
    expect(machinesOf(clouds)).toEqual([])
  })

  const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me@here\n"

  test("quotes no offer that does not have the system", async () => {
    using clouds = simulatedClouds()
    const path = join(clouds.folder, "key.pub")
    writeFileSync(path, publicKey)
    const vm = ["launch", "--kind", "vm", "--cloud", "fluence", "--ssh-key", path]
    const none = await clouds.run(...vm, "--os", "beos", "--yes")
    expect(none).toMatchObject({ code: exitCodes.usage.code, stdout: "" })
    expect(none.stderr).toMatch(/--os "beos" is not among the systems of this offer: .*ubuntu24\.04/)
    const one = await clouds.run(...vm, "--os", "ubuntu24.04")
    expect(one.stderr).toMatch(/^runs +ubuntu24\.04$/m)
  })

  test("rents with a disk that has no documented price, which the quote says", async () => {
    using clouds = simulatedClouds()
    const path = join(clouds.folder, "key.pub")
    writeFileSync(path, publicKey)
    const [{ id }] = JSON.parse(
      (await clouds.run("images", "Ubuntu 24.04", "--cloud", "huddle", "--json")).stdout
    ).images
    const vm = ["launch", "h100", "--cloud", "huddle", "--ssh-key", path, "--os", id, "--disk", "200GB"]
    const { code, stdout, stderr } = await clouds.run(...vm, "--yes")
    expect(stderr).toContain("the cloud documents no price for a disk above")
    expect(code).toBe(0)
    expect(stdout).toMatch(/^machine +huddle\/vm\//)
  })

  test("a race keeps one machine", async () => {
    using clouds = simulatedClouds()
    const argv = ["launch", "rtx 4090", "--cloud", "vast", "--image", "a/b", "--race", "--yes", "--json"]
    const { trail, machine } = launchShape.parse(JSON.parse((await clouds.run(...argv)).stdout))
    expect(trail.map(({ outcome }) => outcome).sort()).toEqual(["lost-race", "ready"])
    expect(aliveOf(clouds).map(({ id }) => id)).toEqual([machine.id])
    expect(machinesOf(clouds)).toHaveLength(2)
  })

  test("says what each cloud lacks when none can run it", async () => {
    using clouds = simulatedClouds()
    const { code, stderr } = await clouds.run("launch", "h100", "--yes")
    expect(code).toBe(exitCodes.usage.code)
    expect(stderr).toMatch(/vast\/container: --image is required by vast .*\(\d+ offers?\)/)
    expect(stderr).toMatch(/huddle\/vm: --os is required by huddle/)
  })

  test("without a network it ends with 10", async () => {
    using clouds = simulatedClouds()
    const fetch = { vast: () => Promise.reject(new TypeError("fetch failed")) }
    const { code, stderr } = await clouds.runWith({ fetch }, ...order, "--yes", "--json")
    expect(code).toBe(exitCodes.network.code)
    expect(errorShape.parse(JSON.parse(stderr).error).tag).toBe("Network")
  })

  /** Presses Ctrl-C as soon as the machine was asked for, and some virtual time later. */
  const interrupted = async (clouds: Clouds, ...argv: ReadonlyArray<string>) => {
    const abort = new AbortController()
    const lastWords = new Set<() => string>()
    let words = ""
    clouds.simulators.vast.onRequest(({ method, path }) => {
      if (method !== "PUT" || !path.includes("asks")) return
      void clouds.clock.sleep(5000).then(() => {
        words = [...lastWords].map((say) => say()).join()
        abort.abort(new DOMException("Interrupted.", "AbortError"))
      })
    })
    const ran = await clouds.runWith({ signal: abort.signal, lastWords }, ...order, "--yes", ...argv)
    return { ...ran, words }
  }

  test("Ctrl-C ends what was made, and says so", async () => {
    using clouds = simulatedClouds()
    const { code, stdout, stderr, words } = await interrupted(clouds)
    expect({ code, stdout }).toEqual({ code: exitCodes.interrupted.code, stdout: "" })
    expect(stderr).toContain("interrupted: ending what was made")
    expect(stderr.endsWith("Interrupted. Nothing is left of this launch.\n")).toBe(true)
    expect(machinesOf(clouds)).toHaveLength(1)
    expect(aliveOf(clouds)).toEqual([])
    // What a second Ctrl-C would have said.
    expect(words).toContain(`anygpu terminate vast/container/${machinesOf(clouds)[0]?.id}`)
  })

  test("Ctrl-C names what could not be ended, and how to end it", async () => {
    using clouds = simulatedClouds()
    clouds.simulators.vast.fault({ on: { method: "DELETE" }, times: 1000, do: { kind: "status", status: 500 } })
    const { code, stderr } = await interrupted(clouds)
    expect(code).toBe(exitCodes.leftovers.code)
    const [machine] = aliveOf(clouds)
    expect(stderr).toContain(`End it with: anygpu terminate vast/container/${machine?.id}`)
  })
})
