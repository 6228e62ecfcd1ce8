import { useMemo, useState } from "preact/hooks"
import { useEntries } from "../data/live.ts"
import { type Machine, machineOf } from "../data/machine.ts"
import { go } from "../data/route.ts"
import { EndDialog } from "./end-dialog.tsx"
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
  // Kept here, as it stays until it is closed, though its machine is gone from all lists by then.
  const [ending, setEnding] = useState<Machine | null>(null)
  const chosen = params.get("machine")
  const shown = chosen === null ? undefined : machines.find(({ ref }) => ref === chosen)
  return (
    <>
      <Figures machines={machines} />
      <Warnings machines={machines} />
      <Machines machines={machines} filter={params.get("find") ?? ""} onEnd={setEnding} />
      <div class="two">
        <Spent />
        <Places />
      </div>
      {shown && (
        <MachineSheet
          key={shown.ref}
          machine={shown}
          onEnd={() => setEnding(shown)}
          onClose={() => go("now", { machine: null })}
        />
      )}
      {ending && <EndDialog key={ending.ref} machine={ending} onClose={() => setEnding(null)} />}
    </>
  )
}
