import { adapterContext } from "@anygpu/conformance"
import type { AnyProvider, InstanceRef, LaunchSpec } from "@anygpu/core"
import { fetchTransport } from "@anygpu/core/adapter"
import { createClock, createFluenceSimulator, type FluenceSimulatorOptions } from "@anygpu/simulators"
import { apiKey, publicKey } from "./cloud.test-support.ts"
import { Option } from "./gpu/wire.ts"
import { fluence } from "./index.ts"

/** The image of the documents' examples, which everybody may pull. */
export const image = "docker.io/fluencelabs/debian-ssh-root:11"

/** An image that the simulated Fluence pulls with a login only. */
export const privateImage = "ghcr.io/myorg/private-model:v1"
export const registry = { host: "ghcr.io", username: "me", password: "registry-password-4711" }

/** An address of a system that a CPU VM takes. */
const cpuSystem = "https://cloud-images.ubuntu.com/releases/24.04/release/ubuntu-24.04-server-cloudimg-amd64.img"

const first = <A>([item]: ReadonlyArray<A>): A => {
  if (item === undefined) throw new Error("the simulated Fluence has nothing of this kind to rent")
  return item
}

/** A simulated Fluence that begins at a moment, with an account on it. */
export const simulated = ({ start, ...options }: FluenceSimulatorOptions & { readonly start?: string } = {}) => {
  const clock = start === undefined ? createClock() : createClock({ start: new Date(start) })
  const simulator = createFluenceSimulator({ apiKey, credit: 500, clock, ...options })
  const context = adapterContext(clock)
  const { run } = context
  const cloud = fluence({ apiKey, transport: fetchTransport(simulator.fetch) })
  const providers: Readonly<Record<keyof typeof cloud.kinds, AnyProvider>> = cloud.kinds
  /** A launch of the cheapest machine of a kind. */
  const spec = async (kind: keyof typeof providers): Promise<LaunchSpec> => {
    const offer = first((await run(providers[kind].offers())).items)
    const common = { offer, name: "Job", sshKeys: [publicKey] }
    if (kind === "containers") return { ...common, image, ports: [{ port: 22 }, { port: 80, protocol: "http" }] }
    return { ...common, os: kind === "cpuVms" ? cpuSystem : first(Option.parse(offer.native).os_options ?? []) }
  }
  return {
    ...context,
    ...{ simulator, cloud, providers, spec },
    launch: async (kind: keyof typeof providers, more: Partial<LaunchSpec> = {}) =>
      run(providers[kind].launch({ ...(await spec(kind)), ...more })),
    /** The machine as the cloud itself knows it. */
    truth: ({ id }: InstanceRef) => simulator.machines().find((machine) => machine.id === id),
    /** What reached the cloud by a method, as `path status`. */
    sent: (method: string) =>
      simulator.requests().flatMap((one) => (one.method === method ? [`${one.path} ${one.status}`] : []))
  }
}

/** The kinds of the GPU family. */
export const gpuKinds = ["containers", "vms", "baremetal"] as const
