import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { exitCodes } from "@anygpu/operations/failure"
import { launchOptions } from "anygpu"
import { expect, test } from "vitest"
import { flagsByField } from "../flags.ts"
import { simulatedClouds } from "../testing/clouds.ts"

type Clouds = ReturnType<typeof simulatedClouds>

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHvmGdQTAJc2E1jAOTRPmpzT9tTwSP1hSzKNqDaB1cmJ me"
/** A launch on Lambda by a key of a file. */
const launchOn = ({ folder, runWith, simulators }: Clouds, ...more: ReadonlyArray<string>) => {
  const path = join(folder, "key.pub")
  writeFileSync(path, key)
  const what = ["launch", "a10", "--for", "1h", "--name", "job", "--no-wait", "--os", "lambda-stack-24-04"]
  return runWith({ env: { LAMBDA_API_KEY: simulators.lambda.apiKey } }, ...what, "--ssh-key", path, "--yes", ...more)
}

/** Machines of all clouds with the disks that they have. */
const holders = ({ simulators }: Clouds) => simulators.lambda.disks().flatMap((disk) => disk.holders)

test("every launch option has a flag", () => {
  expect(launchOptions.filter((option) => flagsByField[option] === undefined)).toEqual([])
})

test("a volume by its cloud and its name is on the machine, in its own place", async () => {
  using clouds = simulatedClouds()
  const { lambda } = clouds.simulators
  lambda.addDisk("us-west-1")
  const { code, stderr } = await launchOn(clouds, "--attach", "lambda/data-0=/data/sets")
  expect(code, stderr).toBe(0)
  expect(stderr).toMatch(/^offer +lambda\/vm\/gpu_1x_a10@us-west-1 /m)
  expect(holders(clouds)).toHaveLength(1)
  const create = lambda.requests().find(({ path }) => path.endsWith("/launch"))
  const [disk] = lambda.disks()
  expect(create?.body).toMatchObject({ file_system_mounts: [{ mount_point: "/data/sets", file_system_id: disk?.id }] })
})

test.each([
  ["lambda/none", '--attach: "none" is no volume of this account on lambda: it has "data-0"'],
  ["vast/none", "--attach: vast has no volumes that can be attached"],
  ["nowhere/none", '--attach: no cloud here is called "nowhere"'],
  ["data", '--attach: "data" is no volume: write its cloud and its id or name'],
  ["lambda/data=sets", '--attach: "lambda/data=sets" is no volume']
])("--attach %s is refused, and nothing is made", async (text, words) => {
  using clouds = simulatedClouds()
  clouds.simulators.lambda.addDisk("us-west-1")
  const { code, stderr } = await launchOn(clouds, "--attach", text)
  expect(code).not.toBe(0)
  expect(code).not.toBe(exitCodes.declined.code)
  expect(stderr).toContain(words)
  expect(Object.values(clouds.simulators).flatMap((simulator) => simulator.truth())).toEqual([])
})

test("a volume where no offer is, is said", async () => {
  using clouds = simulatedClouds()
  clouds.simulators.lambda.addDisk("me-west-1")
  const { code, stderr } = await launchOn(clouds, "--attach", "lambda/data-0")
  expect(code).not.toBe(0)
  expect(stderr).toMatch(/--attach .*stands in me-west-1/)
  expect(holders(clouds)).toEqual([])
})

const withRunpod = ({ simulators: { runpod } }: Clouds) => ({ env: { RUNPOD_API_KEY: runpod.apiKey } })

test("a new volume is in the quote, in the price per hour and in the limits, where its price is documented", async () => {
  using clouds = simulatedClouds()
  const what = ["launch", "4090", "--cloud", "runpod", "--image", "a/b", "--port", "80", "--for", "10h", "--no-wait"]
  const ask = (...more: ReadonlyArray<string>) => clouds.runWith(withRunpod(clouds), ...what, ...more)
  const perHour = (stderr: string) => Number(/^per hour +\$([\d.]+) while/m.exec(stderr)?.[1])
  const plain = await ask()
  const more = await ask("--volume", "workspace=1000GB")
  expect(more.stderr).toMatch(/\$1\.49\d* +storage: a new volume of 1000 GiB for 36000 seconds/)
  expect(more.stderr).toContain("one that outlives the machine costs on")
  // 1074 whole GB at $0.10 a month of 720 hours.
  expect(perHour(more.stderr) - perHour(plain.stderr)).toBeCloseTo(0.149167, 5)
  const made = await ask("--volume", "workspace=1000GB", "--yes")
  expect(made.code, made.stderr).toBe(0)
  expect(clouds.simulators.runpod.truth().filter(({ isAlive }) => isAlive)).toHaveLength(1)
  const dear = await ask("--volume", "workspace=1000GB", "--max-per-hour", String(perHour(plain.stderr) + 0.1), "--yes")
  expect([dear.code === 0, clouds.simulators.runpod.truth().length]).toEqual([false, 1])
})

test("a new volume without a documented price is said to be left out, and is rented all the same", async () => {
  using clouds = simulatedClouds()
  const path = join(clouds.folder, "key.pub")
  writeFileSync(path, key)
  const images = (await clouds.run("images", "Ubuntu 24.04", "--cloud", "huddle", "--json")).stdout
  const [{ id }] = JSON.parse(images).images
  const what = ["launch", "h100", "--cloud", "huddle", "--ssh-key", path, "--os", id, "--no-wait"]
  const { code, stderr } = await clouds.run(...what, "--volume", "data=100GB", "--yes")
  expect(stderr).toContain("the cloud documents no price for new volumes: they are not counted")
  expect(stderr).toMatch(/^total +~/m)
  expect(code, stderr).toBe(0)
})

test("what was left out is said by the options of the command", async () => {
  using clouds = simulatedClouds()
  const path = join(clouds.folder, "key.pub")
  writeFileSync(path, key)
  const env = { SHADEFORM_API_KEY: clouds.simulators.shadeform.apiKey }
  const what = ["launch", "a6000", "--cloud", "shadeform", "--os", "ubuntu22.04", "--ssh-key", path, "--disk", "9TB"]
  const { stderr } = await clouds.runWith({ env }, ...what, "--yes")
  expect(stderr).toMatch(/^No offer fits\. Left out: .*by --disk/m)
  expect(stderr).not.toContain("minDiskMiB")
})

test.each([
  ["lambda/data-0", /^offer +lambda\/vm\/gpu_1x_a10@us-west-1 /m],
  ["lambda/none", /--attach: "none" is no volume of this account on lambda/]
])("a run with --attach %s is quoted in the place of the volume, or refused", async (text, words) => {
  using clouds = simulatedClouds()
  const { lambda } = clouds.simulators
  lambda.addDisk("us-west-1")
  const path = join(clouds.folder, "key.pub")
  writeFileSync(path, key)
  const what = ["run", "--gpu", "a10", "--for", "1h", "--os", "lambda-stack-24-04", "--ssh-key", path, "--attach", text]
  const { code, stderr } = await clouds.runWith({ env: { LAMBDA_API_KEY: lambda.apiKey } }, ...what, "--", "true")
  expect(code).not.toBe(0)
  expect(stderr).toMatch(words)
  expect(lambda.truth()).toEqual([])
})
