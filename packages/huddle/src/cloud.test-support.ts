import { adapterContext, type Reply, type Route, scripted } from "@anygpu/conformance"
import type { LaunchSpec } from "@anygpu/core"
import { createClock } from "@anygpu/simulators"
import offers from "./fixtures/offers.json" with { type: "json" }
import { huddle } from "./index.ts"

/** A key that must show up nowhere. */
export const apiKey = "mk_5d1f0c9ab7e24680"

/** Two texts of one key with its fingerprint as ssh-keygen prints it, and another one. */
export const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPRyQpp2azm5mMPCAyap8ulgPLVDbt5PyG3DZ//90V1S me@laptop"
export const sameKey = publicKey.replace("me@laptop", "me@work")
export const fingerprint = "SHA256:HeuDED0UMALaWSzUCyrrujiq8B8AotRldB9aFVVr8pQ"
export const otherKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG90aGVyMDEyMzQ1Njc4OWFiY2RlZkFCQ0RFRg== other@laptop"

/** The `data` of an answer. */
export const ok = (data: unknown): Reply => ({ json: { code: "OK", data } })

/** A list in the shape with `data.data` and `data.meta`. */
export const page = (rows: ReadonlyArray<unknown>, meta: unknown = { total: rows.length }): Reply =>
  ok({ data: rows, meta })

/** An error as the documents have it. */
export const refusal = (status: number, code: string, error = "no"): Reply => ({ status, json: { code, error } })

const base = "https://gpu.huddleapis.com/api/v1"

/** A machine's row, made up after the one the documents show: none of them shows a list of machines. */
export const row = (more: object = {}) => ({
  id: "dep_abc123",
  provider_id: "verda-id",
  hostname: "job",
  cluster_type: "1A100.22V",
  location: "FIN-01",
  status: "running",
  ip: "95.216.229.232",
  ssh_user: "ubuntu",
  specs: { gpu_model: "A100", gpu_count: 1, gpu_vram_gb: 80, vcpu_count: 22, ram_gb: 120, price_per_hr: 0.965 },
  created_at: "2026-01-01T00:00:00Z",
  ...more
})

/**
 * A Huddle01 that answers by `METHOD /path` and keeps what was sent. The account has credit, one type of machine and
 * one key unless the routes say otherwise; a route that is not there fails the test.
 */
export const world = (given: Readonly<Record<string, Route>> = {}) => {
  const routes: Readonly<Record<string, Route>> = {
    "GET /billing/balance": ok({ balance_cents: 5000, balance_usd: 50 }),
    "GET /gpus/available": page(offers.data.data),
    "GET /ssh-keys": ok([{ id: "sk_abc123", name: "my-laptop", fingerprint, key_type: "ed25519" }]),
    "GET /volumes": page([]),
    ...given
  }
  const clock = createClock()
  const { transport, sent, to } = scripted(routes, clock, new URL(base).pathname)
  const context = adapterContext(clock)
  const { run } = context
  const cloud = huddle({ apiKey, transport })
  const { vms } = cloud
  type Spec = Omit<
    LaunchSpec<"huddle", "vm", "os" | "sshKeys" | "diskMiB" | "volumes" | "location" | "description">,
    "offer"
  >
  const offer = async () => {
    const [first] = (await run(vms.offers())).items
    if (!first) throw new Error("the market is empty")
    return first
  }
  const launch = async (more: Partial<Spec> = {}) =>
    vms.launch({ offer: await offer(), name: "job", os: "ubuntu-24.04", sshKeys: [publicKey], ...more })
  return {
    ...context,
    clock,
    cloud,
    vms,
    sent,
    offer,
    launch,
    to
  }
}

/** The whole address of a path. */
export const address = (path: string) => `${base}${path}`
