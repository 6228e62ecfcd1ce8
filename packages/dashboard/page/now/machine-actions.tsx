import { useState } from "preact/hooks"
import { priceText } from "../../src/view/amount.ts"
import { useAllowed } from "../data/about.ts"
import { useAction } from "../data/action.ts"
import type { Machine } from "../data/machine.ts"
import { announce } from "../parts/announcer.tsx"
import { Problem } from "../parts/problem.tsx"
import { Extend } from "./extend.tsx"

type Asked = "start" | "restart" | "extend"

interface ActionsProps {
  readonly machine: Machine
  readonly onEnd: () => void
}

/** What may be done to a machine now and here: nothing that cannot work has a button. */
export const MachineActions = ({ machine, onEnd }: ActionsProps) => {
  const allowed = useAllowed()
  const { busy, error, run } = useAction<object>()
  const [asked, setAsked] = useState<Asked | null>(null)
  const { ref, name, actions, leaseUntil, pricePerHour } = machine
  const may = (operation: string) => actions.includes(operation) && allowed(operation)
  const act = async (operation: string, said: string) => {
    if (await run(operation, { ref })) announce(said)
    setAsked(null)
  }
  const asking = (what: Asked, text: string) => (
    <button type="button" disabled={busy} aria-expanded={asked === what} onClick={() => setAsked(what)}>
      {text}
    </button>
  )
  return (
    <>
      <div class="row">
        {may("stop") && (
          <button
            type="button"
            disabled={busy}
            onClick={() => act("stop", `${name} is asked to stop; its disk may go on costing`)}
          >
            Stop
          </button>
        )}
        {may("restart") && asking("restart", "Restart…")}
        {may("start") && asking("start", "Start…")}
        {leaseUntil !== null && allowed("extend") && asking("extend", "Extend…")}
        {allowed("terminate") && (
          <button type="button" class="end-it" onClick={onEnd}>
            End…
          </button>
        )}
      </div>
      {asked === "start" && (
        <div class="notice">
          <p>It costs {priceText(pricePerHour)} per hour again from now on.</p>
          <button type="button" class="tiny" disabled={busy} onClick={() => act("start", `${name} is starting`)}>
            Start it
          </button>
        </div>
      )}
      {asked === "restart" && (
        <div class="notice">
          <p>What is only in its memory is lost.</p>
          <button
            type="button"
            class="tiny"
            disabled={busy}
            onClick={() => act("restart", `what runs on ${name} starts again`)}
          >
            Restart it
          </button>
        </div>
      )}
      {asked === "extend" && <Extend machine={machine} />}
      {error && <Problem what="That did not work" error={error} />}
    </>
  )
}
