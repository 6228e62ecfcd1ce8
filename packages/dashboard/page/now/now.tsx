import { useMemo } from "preact/hooks"
import { useEntries } from "../data/live.ts"
import { machineOf } from "../data/machine.ts"
import { go } from "../data/route.ts"
import { Figures } from "./figures.tsx"
import { MachineSheet } from "./machine-sheet.tsx"
import { Machines } from "./machines.tsx"
import { Places } from "./places.tsx"
import { Spent } from "./spent.tsx"
import { Warnings } from "./warnings.tsx"

/** What is paid now, for which machines, and when they end. */
export const NowScreen = ({ params }: { readonly params: URLSearchParams }) => {
  const entries = useEntries("machine")
  const machines = useMemo(
    () => entries.map(machineOf).sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0)),
    [entries]
  )
  const chosen = params.get("machine")
  const shown = chosen === null ? undefined : machines.find(({ ref }) => ref === chosen)
  return (
    <>
      <Figures machines={machines} />
      <Warnings machines={machines} />
      <Machines machines={machines} filter={params.get("find") ?? ""} />
      <div class="two">
        <Spent />
        <Places />
      </div>
      {shown && <MachineSheet key={shown.ref} machine={shown} onClose={() => go("now", { machine: null })} />}
    </>
  )
}
