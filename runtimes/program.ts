import type { VirtualClock } from "@anygpu/simulators"
import { type Cloud, createGpu, type Image, isReady, type Offer } from "anygpu"
import { toCsv, toTable } from "anygpu/report"

/** One machine, from its launch to its end. */
export interface Rent {
  readonly provider: string
  readonly ref: string
  readonly ready: boolean
  /** How to log in to it, as it was when it was ready. */
  readonly command: string | undefined
  readonly leftovers: ReadonlyArray<string>
  /** What the watch said of it, such as `appeared` or `status running`. */
  readonly changes: ReadonlyArray<string>
}

/** What came of the program: plain data, which any runtime can hand back. */
export interface Outcome {
  /** The clouds of the candidates, and whether each could be asked. */
  readonly compared: ReadonlyArray<string>
  readonly complete: boolean
  readonly rents: ReadonlyArray<Rent>
  /** The first line of the comparison as a table, and as CSV. */
  readonly reports: ReadonlyArray<string | undefined>
  /** Machines on the accounts afterwards, and whether every list was whole. */
  readonly left: number
  readonly settled: boolean
}

const sshKeys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90cw0123456789abcdef me@laptop"]

/** What a program does with the SDK anywhere: compare, launch on each cloud with VMs, wait, watch, end, and count what is left. */
export const program = async (clouds: ReadonlyArray<Cloud>, clock: VirtualClock): Promise<Outcome> => {
  const gpu = createGpu({ clouds, clock })
  const withVms = clouds.filter(({ kinds }) => Object.values(kinds).some(({ kind }) => kind === "vm"))
  const job = { duration: "20 minutes", startAt: new Date(clock.now()) } as const
  const { answers } = await gpu.accounts("images")
  /** A system as the offer names it, or the cloud's list; a cloud without a list takes the tag of an image. */
  const osOf = ({ provider, kind, systems, location }: Offer): string => {
    const listed = answers.find((one) => one.provider === provider && one.kind === kind)?.answer.items ?? []
    // Where each region has images of its own, one of the offer's.
    const isHere = ({ native }: Image): boolean => JSON.stringify(native).includes(location.region ?? "nowhere")
    return systems?.[0] ?? (listed.find(isHere) ?? listed[0])?.id ?? "ubuntu_22.04"
  }
  const comparison = await gpu.compare({ kind: "vm", minVramMiB: 24 * 1024, gpuCount: 1, job })

  const seen = new Map<string, string[]>()
  let toEnd = withVms.length
  const watch = async (): Promise<void> => {
    const tooLong = new AbortController()
    void clock.sleep(3_600_000).then(() => tooLong.abort(new Error("an hour later not every machine was seen to end")))
    for await (const change of gpu.watch({ every: "15 seconds", signal: tooLong.signal })) {
      if (!("ref" in change)) continue
      const { type, ref, instance } = change
      seen.set(`${ref}`, [...(seen.get(`${ref}`) ?? []), type === "status" ? `status ${instance.status}` : type])
      if (type === "vanished" || (type === "status" && instance.status === "terminated")) toEnd -= 1
      if (toEnd === 0) break
    }
  }

  const rent = async (cloud: Cloud): Promise<Omit<Rent, "changes">> => {
    const best = comparison.candidates.find(({ offer }) => offer.provider === cloud.name)
    if (!best) throw new Error(`${cloud.name} has no offer for the job`)
    const { offer } = best
    const { ref } = await gpu.rent({ offer, name: "anywhere", os: osOf(offer), sshKeys })
    const instance = await gpu.waitUntilReady(ref)
    // The watch looks only now and then: it is to see it run before it ends.
    await clock.sleep(45_000)
    const { leftovers } = await gpu.terminate(ref)
    const command = instance.endpoints.ssh[0]?.command
    return { provider: cloud.name, ref: `${ref}`, ready: isReady(instance), command, leftovers }
  }

  const [rents] = await Promise.all([Promise.all(withVms.map(rent)), watch()])
  const { items } = await gpu.list()
  const { unsettled, complete } = await gpu.audit()
  return {
    compared: [...new Set(comparison.candidates.map(({ offer }) => offer.provider))].sort(),
    complete: comparison.complete,
    rents: rents.map((one) => ({ ...one, changes: seen.get(one.ref) ?? [] })),
    reports: [toTable(comparison), toCsv(comparison)].map((report) => report.split("\n")[0]),
    left: items.filter(({ status }) => status !== "terminated").length,
    settled: complete && unsettled.length === 0
  }
}
