import { simulateClouds } from "@anygpu/clouds/simulated"
import { createGpu, type GpuError, type Instance, isGpuError, type Money, money, NotFound, type Offer } from "anygpu"
import { toCsv, toJson, toRows, toTable } from "anygpu/report"
import { sqliteLedger } from "anygpu/sqlite"
import { expectThat } from "./expect-that.ts"

/** Compares all clouds, simulated, rents on the best one with its launches in a file, and ends the machine. */
export const renting = async (): Promise<void> => {
  const { clock, open } = simulateClouds()
  using ledger = sqliteLedger("launches.db")
  const gpu = createGpu({ clouds: await open(), clock, ledger })

  const job = { duration: "3 hours", startAt: new Date(clock.now()), egressGiB: 5 } as const
  const comparison = await gpu.compare({ kind: "container", gpu: "RTX 4090", gpuCount: 1, job })
  const [best] = comparison.candidates
  expectThat(comparison.complete && best !== undefined, "a comparison finds offers")
  if (!best) return
  expectThat(toTable(comparison).includes("RTX 4090"), "a comparison is a table")
  expectThat(toCsv(comparison).split("\n").length > comparison.candidates.length, "a comparison is a CSV")
  expectThat(toRows(comparison).length === toJson(comparison).rows.length, "a comparison is JSON")

  const offer: Offer = best.offer
  const most: Money = money(5)
  const spec = { offer, name: "trial", key: "trial", image: "ubuntu:24.04", ports: [{ port: 22 }], maxPerHour: most }
  const launched: Instance = await gpu.rent(spec)
  const again = await gpu.rent(spec)
  expectThat(again.ref.toString() === launched.ref.toString(), "a key rents once")
  const ready = await gpu.waitUntilReady(launched.ref)
  expectThat(ready.status === "running" && ready.billing === "compute", "a machine gets ready")
  const { leftovers } = await gpu.terminate(launched.ref)
  expectThat(leftovers.length === 0, "a machine is ended")
  expectThat(
    Object.values(gpu.clouds).every((cloud) => cloud?.native !== undefined),
    "each cloud's own client is there"
  )

  const failed: GpuError | null = await gpu.get("vast/container/999999999").then(
    () => null,
    (error: unknown) => (isGpuError(error) ? error : null)
  )
  expectThat(failed instanceof NotFound && failed._tag === "NotFound", "errors are classes")
}
