import {
  type Issue,
  type LaunchIdentity,
  type LaunchSpec,
  markerLength,
  money,
  newMarker,
  type Offer,
  splitMarker
} from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import * as Result from "effect/Result"
import fc from "fast-check"
import { describe, expect, it, test } from "vitest"
import { bidOf, containerOf, type containerOptions, labelOf, vmOf, type vmOptions } from "./from-domain.ts"
import { gbOfMiB, mibOfGB, offerOf } from "./to-domain.ts"
import { CreateBody, Offer as OfferRow } from "./wire.ts"

type Spec = LaunchSpec<"vast", "container", (typeof containerOptions)[number]>
type VmSpec = LaunchSpec<"vast", "vm", (typeof vmOptions)[number]>

const row = OfferRow.parse({ id: 4711, dph_total: 0.4, dph_base: 0.39, min_bid: 0.2, storage_cost: 0.15 })
const now = DateTime.makeUnsafe(0)
const searched = <K extends "container" | "vm">(kind: K) => ({
  kind,
  interruptible: false,
  diskGB: 10,
  observedAt: now
})
const onDemand = offerOf(row, row, searched("container"))
const forBids = offerOf(row, row, { ...searched("container"), interruptible: true })
const identity: LaunchIdentity = { marker: "ag0123456789", idempotencyKey: "k" }

const body = (more: Partial<Spec>) => {
  const prepared = Result.getOrThrow(containerOf({ offer: onDemand, name: "job", image: "ubuntu:22.04", ...more }))
  expect(prepared.offerId).toBe("4711")
  return CreateBody.parse(prepared.body(identity))
}

describe("a create", () => {
  const always = {
    ...{ image: "ubuntu:22.04", label: "job-ag0123456789", disk: 10, target_state: "running" },
    ...{ cancel_unavail: true, runtype: "ssh_direct", env: {} }
  }

  it("says everything by name, and never leaves a stopped machine in place of a refusal", () => {
    expect(body({})).toEqual(always)
  })

  it("is the vendor's full example", () => {
    const env = { MODEL_ID: "deepseek-ai/R1", HF_TOKEN: "hf_xxxYourTokenHere" }
    const onStart = "vllm serve $MODEL_ID --port 8000"
    const given = { image: "vllm/vllm-openai:latest", diskMiB: mibOfGB(50), env, ports: [{ port: 8000 }], onStart }
    expect(body(given)).toEqual({
      ...{ ...always, image: "vllm/vllm-openai:latest", disk: 50, onstart: onStart },
      env: { ...env, "-p 8000:8000": "1" }
    })
  })

  it.each<[string, Partial<Spec>, object]>([
    ["udp ports", { ports: [{ port: 8081, protocol: "udp" }] }, { env: { "-p 8081:8081/udp": "1" } }],
    ["http ports as tcp", { ports: [{ port: 80, protocol: "http" }] }, { env: { "-p 80:80": "1" } }],
    ["a bid", { offer: forBids, bid: money("0.2") }, { price: 0.2 }],
    ["arguments, headless", { command: ["--port", "8000"] }, { runtype: "args", args: ["--port", "8000"] }],
    [
      "a private image",
      { registry: { host: "docker.io", username: "u", password: "t" } },
      { image_login: "-u u -p t docker.io" }
    ]
  ])("takes %s", (_, given, part) => expect(body(given)).toEqual({ ...always, ...part }))

  it("of a VM names an image of vastai/kvm, and says vm", () => {
    const offer = offerOf(row, row, searched("vm"))
    const vm = (os: string) => Result.getOrThrow(vmOf({ offer, name: "box", os })).body(identity)
    const wanted = { label: "box-ag0123456789", disk: 10, runtype: "ssh_direct", env: {}, vm: true }
    for (const os of ["ubuntu_22.04", "docker.io/vastai/kvm:ubuntu_22.04"]) {
      expect(CreateBody.parse(vm(os))).toMatchObject({ ...wanted, image: "docker.io/vastai/kvm:ubuntu_22.04" })
    }
    expect(vm("@vastai-automatic-tag").image).toBe("docker.io/vastai/kvm:@vastai-automatic-tag")
  })
})

describe("what cannot be honoured is InvalidRequest", () => {
  const paths = (result: Result.Result<unknown, { readonly issues: ReadonlyArray<Issue> }>) =>
    Result.isFailure(result) ? result.failure.issues.map(({ path }) => path) : []
  const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90cw0123456789abcdef"

  it.each<[string, string, Partial<Spec>]>([
    ["an interruptible offer without a bid", "bid", { offer: forBids }],
    ["a bid on another offer", "bid", { bid: money(1) }],
    ["a bid too low for Vast", "bid", { offer: forBids, bid: money("0.0009") }],
    ["a bid too high for Vast", "bid", { offer: forBids, bid: money(129) }],
    ["a bid in another currency", "bid", { offer: forBids, bid: money(1, "USDC") }],
    ["too much env", "env", { env: { A: "x".repeat(32_768) } }],
    ["too many ports", "ports", { ports: Array.from({ length: 65 }, (_, port) => ({ port: port + 1 })) }],
    ["a start script that is too long however it is packed", "onStart", { onStart: "x".repeat(3_000_001) }],
    ["arguments that are too long", "command", { command: ["x".repeat(2048), "y".repeat(2048)] }],
    ["arguments beside a start script", "onStart", { command: ["a"], onStart: "b" }],
    ["keys where no ssh runs", "sshKeys", { command: ["a"], sshKeys: [key] }],
    ["a space in a login", "registry.password", { registry: { host: "docker.io", username: "u", password: "a b" } }],
    ["a VM's image for a container", "image", { image: "vastai/kvm:ubuntu_22.04" }]
  ])("%s", (_, path, more) =>
    expect(paths(containerOf({ offer: onDemand, name: "job", image: "a", ...more }))).toEqual([path])
  )

  it("all at once", () => {
    const spec = {
      offer: forBids,
      name: "job",
      image: "vastai/kvm",
      onStart: "x".repeat(3_000_001),
      command: ["a"]
    } as Spec
    expect(paths(containerOf(spec))).toEqual(["bid", "image", "onStart", "onStart"])
  })

  it.each<[string, string, Partial<VmSpec>]>([
    ["an image that the list would take for a container", "os", { os: "my/vm:1" }],
    ["no tag", "os", { os: "" }],
    ["two words", "os", { os: "ubuntu 22" }],
    ["a bid on another offer", "bid", { bid: money(1) }]
  ])("of a VM: %s", (_, path, more) => {
    const offer: Offer<"vast", "vm"> = offerOf(row, row, searched("vm"))
    expect(paths(vmOf({ offer, name: "box", os: "ubuntu_22.04", ...more }))).toEqual([path])
  })
})

test("nobody gets less disk than they asked for, and Vast's least is asked for at least", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200_000_000 }), (mib) => {
      const gb = gbOfMiB(mib)
      expect(Number.isInteger(gb) && gb >= 8).toBe(true)
      expect(BigInt(gb) * 1_000_000_000n >= BigInt(mib) * 1_048_576n).toBe(true)
      expect(mibOfGB(gb)).toBeGreaterThanOrEqual(mib)
    })
  )
  expect(gbOfMiB(undefined)).toBe(10)
  expect(gbOfMiB(1)).toBe(8)
})

test("a label holds name and marker within 128 characters, and gives both back", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 300 }), (name) => {
      const marker = newMarker()
      const label = labelOf(name, marker)
      expect(label.length).toBeLessThanOrEqual(128)
      const back = splitMarker(label)
      expect(back.marker).toBe(marker)
      expect(name.startsWith(back.name)).toBe(true)
      if (name.length <= 128 - markerLength && !name.endsWith("-")) expect(back.name).toBe(name)
    })
  )
  expect(labelOf("x".repeat(200), null)).toHaveLength(128)
})

test("a bid is exact on the wire", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1_000, max: 128_000_000 }), (micros) => {
      expect(Math.round(bidOf({ micros, currency: "USD" }) * 1e6)).toBe(micros)
    })
  )
})
