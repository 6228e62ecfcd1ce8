import { readFileSync } from "node:fs"
import { type Instance, type LaunchSpec, money, type Offer } from "@anygpu/core"
import type { Fluence } from "@anygpu/fluence"
import type { Huddle } from "@anygpu/huddle"
import type { Vast } from "@anygpu/vast"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Gpu } from "../client/gpu.ts"
import { toCsv, toJson, toRows, toTable } from "../report.ts"
import type { collector } from "./outputs.test-support.ts"
import type { Planted, Secrets } from "./secrets.test-support.ts"

const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPRyQpp2azm5mMPCAyap8ulgPLVDbt5PyG3DZ//90V1S me@laptop"
const job = { duration: "2 hours" } as const
const ready = { within: "40 minutes" } as const
const system = "https://cloud-images.ubuntu.com/releases/24.04/release/ubuntu-24.04-server-cloudimg-amd64.img"

/** A client of the three clouds. */
export interface Clouds {
  readonly gpu: Gpu<readonly [Vast, Fluence, Huddle]>
  readonly cloud: { readonly vast: Vast; readonly fluence: Fluence; readonly huddle: Huddle }
  /** One offer of each kind, found while nothing went wrong. */
  readonly offers: { readonly [Name in "container" | "cpu" | "huddle"]: Offer } & {
    readonly vast: ReadonlyArray<Offer>
  }
  readonly secrets: Secrets
  readonly ledger: string
}

/** A webhook's URL, which is a secret as a whole. */
export const hookOf = ({ text }: Planted): string => `https://hooks.test/${encodeURIComponent(text.toWellFormed())}`

const nth = (offers: ReadonlyArray<Offer>, index: number): Offer => {
  const offer = offers[index]
  if (!offer) throw new Error(`there is no offer ${index}`)
  return offer
}

/** What each cloud is launched with. */
const specsOf = ({ offers, secrets }: Clouds): Readonly<Record<string, LaunchSpec>> => {
  const { variable, longer, password, script, argument, otherArgument } = secrets
  const env = { SETTING_A: variable.text, SETTING_B: longer.text, SETTING_C: "debug" }
  const command = ["sh", "-c", argument.text, otherArgument.text]
  const onDocker = { host: "docker.io", username: "me", password: password.text }
  const onVast = { name: "job", image: "ghcr.io/me/trainer:1", env, registry: onDocker }
  const onFluence = { offer: offers.container, name: "job", image: "docker.io/me/trainer:1", ports: [{ port: 22 }] }
  return {
    script: { ...onVast, offer: nth(offers.vast, 0), onStart: script.text, key: "one" },
    command: { ...onVast, offer: nth(offers.vast, 1), command },
    container: { ...onFluence, env, command, registry: onDocker },
    cpu: { offer: offers.cpu, name: "job", os: system, sshKeys: [publicKey] },
    huddle: { offer: offers.huddle, name: "job", os: "ubuntu-24.04-cuda-13.0-open-docker", sshKeys: [publicKey] }
  }
}

/** Everything that a user does, one after the other, whatever fails. */
export const flow = (clouds: Clouds, { step, show }: ReturnType<typeof collector>): Effect.Effect<void> =>
  Effect.gen(function* () {
    const { gpu, cloud, secrets } = clouds
    const { vast, fluence, huddle } = cloud
    yield* step("offers", gpu.offers({ limit: 3 }))
    const comparison = yield* step("compare", gpu.compare({ job, limit: 5 }))
    if (comparison) {
      show("a report", toTable(comparison), toCsv(comparison), JSON.stringify([toJson(comparison), toRows(comparison)]))
    }
    yield* step(
      "portability",
      Effect.sync(() => gpu.portability())
    )
    const specs = specsOf(clouds)
    const machines: Array<readonly [string, Instance["ref"] | string]> = []
    for (const [name, spec] of Object.entries(specs)) {
      const made = yield* step(`launch ${name}`, gpu.rent(spec))
      const { provider, kind } = spec.offer
      machines.push([name, made?.ref ?? `${provider}/${kind}/7`])
    }
    const workload = { image: "docker.io/me/trainer:1", env: { SETTING_A: secrets.variable.text } }
    yield* step(
      "launch on the best",
      gpu.launch({ name: "job", job, workload, limits: { maxPerHour: money("9"), deadline: "1 hour" } })
    )
    for (const [name, target] of machines) {
      yield* step(`wait for ${name}`, gpu.waitUntilReady(target, ready))
      yield* step(`get ${name}`, gpu.get(target))
      yield* step(`logs of ${name}`, gpu.act(target, "logs", { tail: 5 }), true)
      yield* step(`events of ${name}`, gpu.act(target, "events", { tail: 5 }))
      yield* step(`rename ${name}`, gpu.act(target, "rename", "other"))
      yield* step(`keys of ${name}`, gpu.act(target, "machineSshKeys"))
    }
    const container = machines.find(([name]) => name === "container")?.[1] ?? ""
    const changes = {
      image: "ghcr.io/me/private:2",
      env: { SETTING_A: secrets.changed.text },
      command: [secrets.otherArgument.text],
      registry: { host: "ghcr.io", username: "me", password: secrets.otherPassword.text }
    }
    yield* step("update", gpu.act(container, "update", changes))
    yield* step("list", gpu.list())
    yield* step("watch", gpu.watch().pipe(Stream.take(4), Stream.runCollect, Effect.timeout("10 minutes")))
    const leased = { name: "leased", image: "ubuntu:24.04", env: { SETTING_A: secrets.variable.text } }
    const lease = gpu.lease({ ...leased, offer: nth(clouds.offers.vast, 20) }, { ttl: "1 hour" })
    yield* step("lease", Effect.scoped(lease))

    const body = { image: "ubuntu", env: { SETTING_A: secrets.variable.text }, args_str: secrets.argument.text }
    const login = { image_login: `-u me -p ${secrets.otherPassword.text} ghcr.io` }
    const at = { params: { id: nth(clouds.offers.vast, 21).id } } as const
    yield* step("native create", vast.native.createInstance({ ...at, body: { ...body, ...login } }))
    yield* step("native show", vast.native.showInstance(at), true)
    yield* step("native container", fluence.native.listContainers(), true)
    const hook = {
      url: `https://hooks.test/${encodeURIComponent(secrets.hook.text)}`,
      events: ["deployment.running"]
    }
    yield* step("native webhook", huddle.native.createWebhook({ body: hook }), true)
    for (const [name, provider] of Object.entries({
      vast: vast.containers,
      fluence: fluence.vms,
      huddle: huddle.vms
    })) {
      yield* step(`balance of ${name}`, "balance" in provider ? provider.balance() : Effect.void)
      yield* step(`keys of ${name}`, provider.sshKeys())
    }
    yield* step("recover", gpu.recover())
    yield* step("sweep", gpu.sweep())
    yield* step("audit", gpu.audit())
    for (const [name, target] of machines) yield* step(`terminate ${name}`, gpu.terminate(target, { within: "1 hour" }))
    yield* step("clouds", Effect.succeed(clouds.cloud))
    yield* step("client", Effect.succeed(gpu))
    for (const end of ["", "-wal"]) show(`the ledger's file${end}`, readFileSync(`${clouds.ledger}${end}`, "latin1"))
  })
