import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { exitCodes } from "@anygpu/operations/failure"
import { sshConfigShape } from "@anygpu/operations/protocol"
import { InstanceRef } from "anygpu"
import { sqliteLedger } from "anygpu/sqlite"
import { runPromise } from "effect/Effect"
import { describe, expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"

/** Clouds, and the files below the home folder of a test. */
const world = (own?: string) => {
  const clouds = simulatedClouds()
  const ssh = join(clouds.folder, ".ssh")
  if (own !== undefined) {
    mkdirSync(ssh, { mode: 0o700 })
    writeFileSync(join(ssh, "config"), own, { mode: 0o600 })
  }
  const read = (name: string) => (existsSync(join(ssh, name)) ? readFileSync(join(ssh, name), "utf8") : null)
  return Object.assign(clouds, { ssh, read })
}

/** What the real ssh makes of a name, by our file alone. */
const meant = (file: string, name: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    execFileSync("ssh", ["-G", "-F", file, name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })
      .split("\n")
      .map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)])
  )

const mine = "Host work\n  HostName work.example\n\nHost *\n  ForwardAgent no"

describe("anygpu ssh-config", () => {
  test("prints what ssh needs, and writes nothing", async () => {
    using clouds = world()
    const { ref, endpoints } = await clouds.rent("my trainer")
    const ran = await clouds.run("ssh-config")
    expect(ran.code).toBe(0)
    writeFileSync(join(clouds.folder, "printed"), ran.stdout)
    const alias = `anygpu-vast-container-${ref.id}`
    for (const name of ["my-trainer", alias]) {
      expect(meant(join(clouds.folder, "printed"), name)).toMatchObject({
        ...{ hostname: endpoints.ssh[0]?.host, port: String(endpoints.ssh[0]?.port), user: "root" },
        ...{ hostkeyalias: alias, stricthostkeychecking: "accept-new" }
      })
    }
    expect(existsSync(clouds.ssh)).toBe(false)
    const json = sshConfigShape.strict().parse(JSON.parse((await clouds.run("ssh-config", "--json")).stdout))
    expect(json).toMatchObject({ machines: [{ ref: String(ref), aliases: ["my-trainer", alias] }], text: ran.stdout })
  })

  test("keeps a file of its own and one line in the user's, and takes both out again", async () => {
    using clouds = world(mine)
    const { ref } = await clouds.rent("trainer")
    const installed = await clouds.run("ssh-config", "--install")
    expect(installed).toMatchObject({ code: 0, stdout: `ssh trainer is ${ref}\n` })
    const config = clouds.read("config") ?? ""
    expect(config.endsWith(mine)).toBe(true)
    expect(config.split("\n").filter((line) => /^Include/.test(line))).toEqual(["Include anygpu_config"])
    expect(config.indexOf("Include")).toBeLessThan(config.indexOf("Host work"))
    expect(statSync(join(clouds.ssh, "anygpu_config")).mode & 0o777).toBe(0o600)
    const { userknownhostsfile } = meant(join(clouds.ssh, "anygpu_config"), "trainer")
    expect(userknownhostsfile).toBe(join(clouds.ssh, "anygpu_known_hosts"))
    await clouds.run("ssh-config", "--install")
    expect(clouds.read("config")).toBe(config)
    expect((await clouds.run("ssh-config", "--remove")).code).toBe(0)
    expect([clouds.read("config"), clouds.read("anygpu_config"), clouds.read("anygpu_known_hosts")]).toEqual([
      mine,
      null,
      null
    ])
    expect((await clouds.run("ssh-config", "--remove")).code).toBe(0)
  })

  test("adds machines as they are seen, and takes out those that end", async () => {
    using clouds = world(mine)
    await clouds.rent("trainer")
    await clouds.run("ssh-config", "--install")
    const argv = [
      "launch",
      "rtx 4090",
      "--cloud",
      "vast",
      "--image",
      "a/b",
      "--name",
      "second",
      "--yes",
      "--no-ssh-key"
    ]
    expect((await clouds.run(...argv)).code).toBe(0)
    const own = () => clouds.read("anygpu_config") ?? ""
    expect(own()).toMatch(/^Host trainer .*\n[\s\S]*^Host second /m)
    await clouds.rent("third")
    await clouds.run("list")
    expect(own()).toMatch(/^Host third /m)
    await clouds.run("terminate", "trainer", "--yes")
    expect(own()).not.toContain("trainer")
    expect(own()).toMatch(/^Host second /m)
    await clouds.run("terminate", "--all", "--yes")
    expect(own()).not.toMatch(/^Host/m)
    expect(own()).toContain("# no machines")
    await clouds.rent("fourth")
    await clouds.run("list")
    expect(own()).toMatch(/^Host fourth /m)
  })

  test("writes nothing for somebody who has not asked for it", async () => {
    using clouds = world(mine)
    await clouds.rent("trainer")
    await clouds.run("list")
    await clouds.run("terminate", "trainer", "--yes")
    expect([clouds.read("config"), clouds.read("anygpu_config")]).toEqual([mine, null])
  })

  test("takes no name from a host of the user's, nor from another machine", async () => {
    using clouds = world("Host trainer other\n  HostName own.example\n")
    const [first, second, third] = [await clouds.rent("trainer"), await clouds.rent("twin"), await clouds.rent("Twin")]
    await clouds.run("ssh-config", "--install")
    const own = clouds.read("anygpu_config") ?? ""
    expect(own.match(/^Host .*$/gm)).toEqual([
      `Host anygpu-vast-container-${first.ref.id}`,
      `Host twin-${second.ref.id} anygpu-vast-container-${second.ref.id}`,
      `Host Twin-${third.ref.id} anygpu-vast-container-${third.ref.id}`
    ])
  })

  test("holds host keys to what the ledger knows, and gives it those that ssh has taken", async () => {
    using clouds = world(mine)
    const [trainer, second] = [await clouds.rent("trainer"), await clouds.rent("second")]
    using ledger = sqliteLedger(clouds.env.ANYGPU_LEDGER)
    const refs = [trainer, second].map(({ ref }) => new InstanceRef("vast", "container", ref.id))
    const keyOf = async (ref: InstanceRef) => (await runPromise(ledger.machine(ref)))?.hostKey
    const [first, other] = refs
    if (!first || !other) throw new Error("two machines were rented")
    await runPromise(ledger.keepHostKey(first, "ssh-ed25519 AAAAfirst"))
    const [one, two] = [first, other].map(({ id }) => `anygpu-vast-container-${id}`)
    const path = join(clouds.ssh, "anygpu_known_hosts")
    writeFileSync(path, `${one} ssh-ed25519 AAAAold\n${two} ssh-ed25519 AAAAtaken\nelse ssh-rsa AAAAelse\n`)
    await clouds.run("ssh-config", "--install")
    const pinned = [`${one} ssh-ed25519 AAAAfirst anygpu`, `${two} ssh-ed25519 AAAAtaken anygpu`]
    expect(clouds.read("anygpu_known_hosts")).toBe(`${["else ssh-rsa AAAAelse", ...pinned].join("\n")}\n`)
    expect(await keyOf(other)).toBe("ssh-ed25519 AAAAtaken")
    await clouds.run("restart", "trainer", "--yes")
    expect(await keyOf(first)).toBeUndefined()
    expect(clouds.read("anygpu_known_hosts")).toBe(`else ssh-rsa AAAAelse\n${pinned[1]}\n`)
    await clouds.run("terminate", "second", "--yes")
    expect(clouds.read("anygpu_known_hosts")).toBe("else ssh-rsa AAAAelse\n")
  })

  test("accepts a container that was restarted since ssh took its key", async () => {
    using clouds = world(mine)
    const { ref } = await clouds.rent("trainer")
    await clouds.run("ssh-config", "--install")
    const path = join(clouds.ssh, "anygpu_known_hosts")
    await clouds.run("restart", "trainer", "--yes")
    const taken = `anygpu-vast-container-${ref.id} ssh-ed25519 AAAAtaken`
    writeFileSync(path, `${taken}\n`)
    const dayBefore = clouds.clock.now() / 1000 - 86_400
    utimesSync(path, dayBefore, dayBefore)
    await clouds.run("list")
    expect(clouds.read("anygpu_known_hosts")).toBe("")
    writeFileSync(path, `${taken}\n`)
    const dayAfter = clouds.clock.now() / 1000 + 86_400
    utimesSync(path, dayAfter, dayAfter)
    await clouds.run("list")
    expect(clouds.read("anygpu_known_hosts")).toBe(`${taken} anygpu\n`)
  })

  test("names the key of a launch, and one that is given for all", async () => {
    using clouds = world(mine)
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(clouds.ssh, "gpu key")])
    const key = join(clouds.ssh, "gpu key.pub")
    const argv = [
      "launch",
      "rtx 4090",
      "--cloud",
      "vast",
      "--image",
      "a/b",
      "--name",
      "keyed",
      "--yes",
      "--ssh-key",
      key
    ]
    await clouds.run(...argv)
    await clouds.run("ssh-config", "--install")
    const identity = () => /IdentityFile (.*)$/m.exec(clouds.read("anygpu_config") ?? "")?.[1]
    expect(identity()).toBe(`"${join(clouds.ssh, "gpu key")}"`)
    await clouds.run("ssh-config", "--install", "--identity", "/keys/100% mine")
    expect(identity()).toBe('"/keys/100%% mine"')
    await clouds.run("list")
    expect(identity()).toBe('"/keys/100%% mine"')
  })

  test("keeps machines of a cloud that could not be listed", async () => {
    using clouds = world(mine)
    await clouds.rent("trainer")
    await clouds.run("ssh-config", "--install")
    clouds.simulators.vast.fault({ on: { path: /instances/ }, do: { kind: "status", status: 500 }, times: 100 })
    const ran = await clouds.run("ssh-config", "--install")
    expect(ran.code).not.toBe(0)
    expect(clouds.read("anygpu_config")).toMatch(/^Host trainer /m)
  })

  test("refuses what cannot be, and says what to mend", async () => {
    using clouds = world("# anygpu: begin\nInclude x\n")
    await clouds.rent("trainer")
    const broken = await clouds.run("ssh-config", "--install")
    expect(broken).toMatchObject({ code: exitCodes.usage.code, stderr: expect.stringContaining("not one pair") })
    expect(clouds.read("config")).toBe("# anygpu: begin\nInclude x\n")
    expect((await clouds.run("ssh-config", "--install", "--remove")).code).toBe(exitCodes.usage.code)
    const simulated = await clouds.run("--sim-state", join(clouds.folder, "sim.db"), "ssh-config", "--install")
    expect(simulated).toMatchObject({ code: exitCodes.usage.code, stderr: expect.stringContaining("simulated") })
  })

  test("a file that cannot be kept fails no other command, and is said", async () => {
    using clouds = world(mine)
    await clouds.rent("trainer")
    await clouds.run("ssh-config", "--install")
    writeFileSync(join(clouds.ssh, "anygpu_config"), "# anygpu: begin\n")
    const ran = await clouds.run("list")
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining("ssh-config is not up to date") })
  })
})
