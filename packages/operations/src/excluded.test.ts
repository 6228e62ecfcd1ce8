import { simulateClouds } from "@anygpu/clouds/simulated"
import { createGpu, type LaunchOptions, launchOptions, money } from "anygpu"
import { expect, test } from "vitest"

const workload: LaunchOptions = {
  image: "ubuntu:24.04",
  os: "Ubuntu 24.04",
  sshKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHvmGdQTAJc2E1jAOTRPmpzT9tTwSP1hSzKNqDaB1cmJ me"],
  env: { A: "1" },
  ports: [{ port: 8080 }],
  command: ["sleep", "60"],
  onStart: "echo hello",
  diskMiB: 20_480,
  volumes: [{ name: "data", sizeMiB: 10_240 }],
  endsItself: true,
  attach: [{ provider: "runpod", id: "2q9m7x4c", region: "US-KS-2" }],
  registry: { host: "registry.test", username: "me", password: "a-password" },
  bid: money(0.2),
  location: "nowhere",
  description: "a test"
}

const { clock, simulators, open } = simulateClouds({ seed: 7 })
const clouds = await open()
const providers = clouds.flatMap(({ kinds }) => Object.values(kinds))
const changes = () =>
  Object.values(simulators)
    .flatMap((simulator) => simulator.requests())
    .filter(({ method, path }) => method !== "GET" && !/bundles|offers|oauth2/.test(path)).length

const lacking = providers.flatMap(({ provider, kind, launchOptions: takes }) =>
  launchOptions.filter((option) => !takes.has(option)).map((option) => ({ provider, kind, option }))
)

test.each(lacking)("$provider $kind: a launch with $option is passed over, says so, and sends nothing", async (one) => {
  const { provider, kind, option } = one
  // Beyond what the clouds let ask in a minute.
  await clock.sleep(60_000)
  const before = changes()
  const job = { duration: "1 hour" } as const
  const gpu = createGpu({ clouds: clouds.filter(({ name }) => name === provider), clock })
  const { excluded } = await gpu.compare({ kind, job, interruptible: "any", workload: { [option]: workload[option] } })
  const named = excluded.filter((rule) => rule.provider === provider && rule.rule === option)
  expect(named, JSON.stringify(excluded)).toEqual([expect.objectContaining({ problem: "takes none" })])
  expect(changes()).toBe(before)
})
