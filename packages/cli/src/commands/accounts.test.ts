import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { balanceShape, imagesShape, keysShape, volumesShape } from "@anygpu/operations/protocol"
import { describe, expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"

const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0Yx0pq2d3nO4mQp5rS6tU7vW8xY9zA0bC1dE2fG3hI me@laptop"

describe("anygpu balance", () => {
  test("shows each account's", async () => {
    using clouds = simulatedClouds()
    const { code, stdout, stderr } = await clouds.run("balance")
    expect({ code, stdout }).toEqual({ code: 0, stdout: "fluence  $100.00\nhuddle   $100.00\nvast     $25.00\n" })
    expect(stderr).toBe("")
    const json = balanceShape.strict().parse(JSON.parse((await clouds.run("balance", "--json")).stdout))
    expect(json.balances).toMatchObject([
      { provider: "fluence", available: { amount: "100", currency: "USD" } },
      { provider: "huddle", available: { amount: "100", currency: "USD" } },
      { provider: "vast", available: { amount: "25", currency: "USD" } }
    ])
    expect(json.lacking).toEqual([])
  })

  test("is incomplete when one cannot be read, and fails when none can", async () => {
    using clouds = simulatedClouds()
    const one = await clouds.runWith({ env: { VAST_API_KEY: "wrong" } }, "balance")
    expect(one).toMatchObject({ code: 13, stdout: "fluence  $100.00\nhuddle   $100.00\n" })
    expect(one.stderr).toContain("all balances of vast")
    const wrong = { VAST_API_KEY: "wrong", HUDDLE_API_KEY: "wrong", FLUENCE_API_KEY: "wrong" }
    const all = await clouds.runWith({ env: wrong }, "balance")
    expect(all).toMatchObject({ code: 3, stdout: "" })
  })
})

describe("anygpu volumes", () => {
  test("shows each disk by what --attach takes, with its place, its price and who has it", async () => {
    using clouds = simulatedClouds()
    const { lambda, runpod } = clouds.simulators
    lambda.addDisk("us-west-1")
    runpod.addDisk("US-KS-2")
    const keys = { env: { LAMBDA_API_KEY: lambda.apiKey, RUNPOD_API_KEY: runpod.apiKey } }
    const { code, stdout, stderr } = await clouds.runWith(keys, "volumes")
    expect(code, stderr).toBe(0)
    const ids = [...lambda.disks(), ...runpod.disks()].map(({ id }) => id)
    for (const id of ids) expect(stdout).toContain(id)
    expect(stdout).toMatch(/us-west-1 .*no machine/)
    expect(stderr).toContain("vast has no volumes that can be attached")
    const json = volumesShape.strict().parse(JSON.parse((await clouds.runWith(keys, "volumes", "--json")).stdout))
    expect(json.volumes.map(({ provider }) => provider).toSorted()).toEqual(["lambda", "runpod"])
    expect(json.volumes.find(({ provider }) => provider === "runpod")?.pricePerHour).not.toBeNull()
    expect(json.lacking.toSorted()).toEqual(["fluence", "huddle", "vast"])
  })
})

describe("anygpu keys", () => {
  test("adds one to every account, lists and removes it", async () => {
    using clouds = simulatedClouds()
    const file = join(clouds.folder, "id.pub")
    writeFileSync(file, `${publicKey}\n`)
    const added = keysShape
      .strict()
      .parse(JSON.parse((await clouds.run("keys", "add", file, "--name", "laptop", "--json")).stdout))
    expect(added.keys.map(({ provider }) => provider)).toEqual(["fluence", "huddle", "vast"])
    const listed = await clouds.run("keys")
    for (const { ref } of added.keys) expect(listed.stdout).toContain(ref)
    const vast = added.keys.find(({ provider }) => provider === "vast")?.ref ?? ""
    const asked = await clouds.run("keys", "remove", vast)
    expect(asked).toMatchObject({ code: 20, stdout: "" })
    expect(asked.stderr).toContain("pass --yes")
    expect((await clouds.run("keys", "remove", vast, "--yes")).code).toBe(0)
    const left = keysShape.parse(JSON.parse((await clouds.run("keys", "list", "--json")).stdout))
    expect(left.keys.map(({ provider }) => provider)).toEqual(["fluence", "huddle"])
  })

  test("takes the text of a key too, and no private one", async () => {
    using clouds = simulatedClouds()
    expect((await clouds.run("keys", "add", publicKey, "--cloud", "vast")).code).toBe(0)
    const file = join(clouds.folder, "id")
    writeFileSync(
      file,
      "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n"
    )
    const refused = await clouds.run("keys", "add", file)
    expect(refused).toMatchObject({ code: 2, stdout: "" })
    expect(refused.stderr).toContain("private key")
    expect(refused.stderr).not.toContain("b3BlbnNzaC")
  })

  test.each([
    [["keys", "add"], 2, "missing required argument 'key'"],
    [["keys", "drop"], 2, "Allowed choices are list, add, remove."],
    [["keys", "add", "/nowhere/id.pub"], 2, "neither a public key nor a file"],
    [["keys", "remove", "vast/1", "--yes"], 4, "No account has the key"]
  ])("%j ends with %d", async (argv, code, message) => {
    using clouds = simulatedClouds()
    const ran = await clouds.run(...argv)
    expect(ran).toMatchObject({ code, stdout: "" })
    expect(ran.stderr).toContain(message)
  })
})

describe("anygpu images", () => {
  test("lists what launches may name, and finds a text in it", async () => {
    using clouds = simulatedClouds()
    const { code, stdout, stderr } = await clouds.run("images")
    expect(code).toBe(0)
    expect(stdout).toMatch(/^cloud +kind +image +name\n/)
    expect(stderr).toContain("vast has no list")
    const { images, lacking } = imagesShape
      .strict()
      .parse(JSON.parse((await clouds.run("images", "UBUNTU", "--json")).stdout))
    expect(lacking).toEqual(["vast"])
    expect(images.length).toBeGreaterThan(3)
    for (const { id, name } of images) expect(`${id} ${name}`.toLowerCase()).toContain("ubuntu")
  })
})
