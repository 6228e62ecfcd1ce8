import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHvmGdQTAJc2E1jAOTRPmpzT9tTwSP1hSzKNqDaB1cmJ me"

test.each([
  [
    "shadeform",
    "a6000",
    "ubuntu22.04",
    /^ends +2h after the launch, by shadeform itself, also without this computer$/m
  ],
  ["lambda", "a10", "lambda-stack-22-04", /^ends +2h after the launch, by anygpu sweep: let it run regularly/m]
])("a quote on %s says who ends the machine", async (cloud, gpu, os, words) => {
  using clouds = simulatedClouds()
  const path = join(clouds.folder, "key.pub")
  writeFileSync(path, key)
  const { lambda, shadeform } = clouds.simulators
  const env = { LAMBDA_API_KEY: lambda.apiKey, SHADEFORM_API_KEY: shadeform.apiKey }
  const what = ["launch", gpu, "--cloud", cloud, "--os", os, "--ssh-key", path, "--ttl", "2h"]
  expect((await clouds.runWith({ env }, ...what)).stderr).toMatch(words)
})
