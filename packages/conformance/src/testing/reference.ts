import { type OptionalOp, zero } from "@anygpu/core"
import { cloudFactory } from "@anygpu/core/adapter"
import type { CloudControls } from "../controls.ts"
import type { Falsify } from "../false-answers.ts"
import { answers, faultProxy } from "../fault-proxy.ts"
import type { Harness, SentRequest, World } from "../harness.ts"
import type { MachineControls } from "../machine-controls.ts"
import { type Rows, rowControls } from "../row-controls.ts"
import { referenceProvider } from "./adapter.ts"
import { makeApi } from "./api.ts"
import { catalogue } from "./catalogue.ts"
import {
  addMachine,
  type CloudMachine,
  type CloudState,
  type Incoming,
  machinesOf,
  transportTo as wireTo
} from "./cloud.ts"
import { addDisk, trueDisks } from "./disks.ts"
import { type Fault, Reset } from "./faults.ts"
import { virtualTime } from "./virtual-time.ts"

const secret = "reference-key-7f3a9c1d5e"
const otherSecret = "reference-key-of-others-40b2"

const known = (state: CloudState, id: string): CloudMachine => {
  const machine = state.machines.get(id)
  if (!machine) throw new Error(`the reference cloud has no machine ${id}`)
  return machine
}

/** What is answered in place of every answer to a read. */
interface Lies {
  falsify: Falsify | null
}

const controlsOn = (
  state: CloudState,
  lies: Lies,
  now: () => number
): Omit<CloudControls, "freezeDestroy" | "alterMachine" | "alterOffer" | "othersLate" | keyof MachineControls> => {
  const create = (fault: Fault, made: boolean) => () => {
    state.nextCreate = { fault, made }
  }
  const reads = (fault: Fault) => (times: number) => {
    state.reads = { fault, times }
    return () => {
      state.reads = null
    }
  }
  const flag = (name: "laterPagesBroken" | "unreachable" | "endlessPages" | "forgetsEnds") => () => {
    state[name] = true
    return () => {
      state[name] = false
    }
  }
  return {
    createLostAfter: create("reset", true),
    createLostBefore: create("reset", false),
    createHangs: create("hang", true),
    createHeld: () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      state.heldCreate = promise
      return resolve
    },
    createFailsAfter: create("500", true),
    createFailsBefore: create("500", false),
    createHtmlAfter: create("html", true),
    createCutAfter: create("cut", true),
    createLimited: create("429", false),
    createUnauthorized: create("401", false),
    createRefusedForCapacity: create("capacity", false),
    createRefusedForFunds: create("funds", false),
    createRefusedForQuota: create("quota", false),
    createRefusedButMade: create("capacity", true),
    readsFail: reads("500"),
    readsReset: reads("reset"),
    readsLimited: reads("429"),
    readsUnauthorized: reads("401"),
    readsHtml: reads("html"),
    readsCut: reads("cut"),
    readsMalformed: reads("malformed"),
    readsFalse: (falsify) => {
      lies.falsify = falsify
      return () => {
        lies.falsify = null
      }
    },
    unreachable: flag("unreachable"),
    fillPages: () => {
      const [offer] = catalogue
      return offer ? Array.from({ length: 9 }, (_, index) => addMachine(state, now(), `theirs ${index}`, offer).id) : []
    },
    breakLaterPages: flag("laterPagesBroken"),
    endlessPages: flag("endlessPages"),
    forgetsEnds: flag("forgetsEnds"),
    malformMachine: (id) => {
      known(state, id).broken = true
    },
    malformOffer: () => {
      state.offersBroken = true
    },
    unknownStatus: (id) => {
      known(state, id).odd = true
    },
    removeOutside: (id) => {
      known(state, id).wish = "gone"
    },
    sayOfBoot: (id, words) => {
      Object.assign(known(state, id), { said: words, upAt: Number.POSITIVE_INFINITY })
    },
    exitMachine: (id) => {
      known(state, id).wish = "exited"
    },
    otherAccount: () => otherSecret,
    addDisk: ({ location: { region } }) => (region === null ? null : addDisk(state, region)),
    writeLog: (id, line) => {
      known(state, id).log.push(line)
    }
  }
}

const emptyCloud = (): CloudState => ({
  ...{ machines: new Map(), keys: new Map(), disks: [], requests: [], nextCreate: null, heldCreate: null },
  ...{ reads: null, laterPagesBroken: false, endlessPages: false, offersBroken: false, unreachable: false },
  forgetsEnds: false
})

const origin = "https://cloud.test"
const isOne = ({ path }: { readonly path: string }) => /^\/machines\/[^/]+$/.test(path)

const isEnd = (request: SentRequest) => request.method === "DELETE" && isOne(request)

/** The way to the reference cloud, for what is done to requests about single machines. */
const faultProxyTo = (state: CloudState, wire: ReturnType<typeof wireTo>) =>
  faultProxy({
    fetch: async (url, { method = "GET", headers, body, signal }) => {
      const key = new Headers(headers).get("key") ?? ""
      const incoming: Incoming = {
        method,
        path: url.slice(origin.length),
        key,
        signal: signal ?? new AbortController().signal
      }
      const { status, text } = await wire(typeof body === "string" ? { ...incoming, body: JSON.parse(body) } : incoming)
      return new Response(text, { status, headers: { "content-type": "application/json" } })
    },
    isMutating: (method) => method !== "GET",
    isCreate: ({ method, path }) => method === "POST" && path === "/machines",
    bodies: { failed: { error: "internal" }, limited: { error: "slow down" } },
    machines: {
      isRead: (request) => request.method === "GET" && isOne(request),
      isEnd,
      absent: { read: answers(404, { error: "not_found" }), end: answers(404, { error: "not_found" }) },
      refused: { error: "not now" },
      strange: (body) => Object.assign(Object(body), { state: "destroyed" }),
      living: () => [...state.machines.values()].filter(({ wish }) => wish !== "gone").map(({ id }) => id)
    }
  })

type Shown = Record<string, unknown>

const itemsIn = (body: unknown): ReadonlyArray<Shown> => {
  const { items } = Object(body) as { items?: unknown }
  return Array.isArray(items) ? items : []
}

const rows: Rows = {
  machines: { rows: (body) => [...itemsIn(body), Object(body) as Shown], field: "name" },
  offers: { rows: (body) => itemsIn(body).filter(({ id }) => id === catalogue[0]?.id), field: "gpus" }
}

const openWorld = (without: ReadonlyArray<OptionalOp>): World => {
  const time = virtualTime()
  const state = emptyCloud()
  const others = wireTo(emptyCloud(), otherSecret, time.now)
  const honest = wireTo(state, secret, time.now)
  const lies: Lies = { falsify: null }
  const carried = faultProxyTo(state, honest)
  const carry: typeof honest = async (request) => {
    if (state.unreachable) throw new Reset(false)
    const { method, path, key, body, signal } = request
    const init = { method, headers: { key }, signal, ...(body !== undefined && { body: JSON.stringify(body) }) }
    const response = await carried.send(origin + path, init)
    const reply = { status: response.status, text: await response.text() }
    return lies.falsify && method === "GET" ? lies.falsify(reply.text) : reply
  }
  return {
    secret,
    time,
    unknownId: "m-999999",
    connect: (key) => referenceProvider(makeApi(key === otherSecret ? others : carry, key), key, without),
    sibling: (key) => referenceProvider(makeApi(key === otherSecret ? others : carry, key), key, without, "vm"),
    factory: {
      make: cloudFactory({
        described: {
          name: "reference",
          keys: [{ option: "apiKey", variables: ["REFERENCE_API_KEY"], from: "make one in its console" }]
        },
        options: {},
        open: ({ apiKey }) => {
          const kinds = { containers: referenceProvider(makeApi(carry, apiKey), apiKey, without) }
          return { name: "reference", kinds, native: {} }
        }
      }),
      variable: "REFERENCE_API_KEY"
    },
    spec: (offer) => ({
      offer,
      name: "training",
      image: "ubuntu:22.04",
      env: { HF_TOKEN: "hf-secret-value-4711" },
      ports: [{ port: 8000 }],
      sshKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90cw me@laptop"],
      ...(offer.interruptible && { bid: offer.minimumBid ?? zero() })
    }),
    changes: { name: "renamed", image: "ubuntu:24.04", env: { ANYGPU_UPDATED: "updated-value" } },
    machines: () => machinesOf(state, time.now()),
    disks: () => trueDisks(state),
    requests: carried.requests,
    controls: {
      ...carried.controls,
      ...rowControls(rows, carried, time),
      ...controlsOn(state, lies, time.now),
      freezeDestroy: (times) => carried.meet(isEnd, answers(200, { done: true }), times)
    },
    close: () => time.close()
  }
}

/** A harness of the reference cloud: healthy by construction, with or without each optional operation. */
export const referenceHarness = (without: ReadonlyArray<OptionalOp> = []): Harness => ({
  name: `reference cloud${without.length > 0 ? ` without ${without.join(", ")}` : ""}`,
  open: () => openWorld(without)
})
