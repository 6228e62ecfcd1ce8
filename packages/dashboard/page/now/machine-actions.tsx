import { useState } from "preact/hooks"
import { priceText } from "../../src/view/amount.ts"
import { useAllowed } from "../data/about.ts"
import { useAction } from "../data/action.ts"
import type { Machine } from "../data/machine.ts"
import { announce } from "../parts/announcer.tsx"
import { Field } from "../parts/field.tsx"
import { Problem } from "../parts/problem.tsx"

const plain = [
  ["stop", "Stop", "stopping", (name: string) => `${name} is asked to stop; its disk may go on costing`],
  ["restart", "Restart", "restarting", (name: string) => `what runs on ${name} starts again`]
] as const

interface ActionsProps {
  readonly machine: Machine
  readonly onEnd: () => void
}

/** What may be done to a machine now and here: nothing that cannot work has a button. */
export const MachineActions = ({ machine, onEnd }: ActionsProps) => {
  const allowed = useAllowed()
  const { busy, error, run } = useAction<object>()
  const [asking, setAsking] = useState<"start" | "extend" | null>(null)
  const { ref, name, actions, leaseUntil, pricePerHour } = machine
  const may = (operation: string) => actions.includes(operation) && allowed(operation)
  const act = async (operation: string, input: object, said: string) => {
    if (await run(operation, input)) announce(said)
    setAsking(null)
  }
  return (
    <>
      <div class="row">
        {plain.map(([operation, text, , said]) =>
          may(operation) ? (
            <button key={operation} type="button" disabled={busy} onClick={() => act(operation, { ref }, said(name))}>
              {text}
            </button>
          ) : null
        )}
        {may("start") && (
          <button type="button" disabled={busy} aria-expanded={asking === "start"} onClick={() => setAsking("start")}>
            Start…
          </button>
        )}
        {leaseUntil !== null && allowed("extend") && (
          <button type="button" disabled={busy} aria-expanded={asking === "extend"} onClick={() => setAsking("extend")}>
            Extend…
          </button>
        )}
        {allowed("terminate") && (
          <button type="button" class="end-it" onClick={onEnd}>
            End…
          </button>
        )}
      </div>
      {asking === "start" && (
        <div class="notice">
          <p>
            It costs {priceText(pricePerHour)} per hour again from now on.{" "}
            <button
              type="button"
              class="tiny"
              disabled={busy}
              onClick={() => act("start", { ref }, `${name} is starting`)}
            >
              Start it
            </button>
          </p>
        </div>
      )}
      {asking === "extend" && (
        <Extend machine={machine} busy={busy} onExtend={(input, said) => act("extend", input, said)} />
      )}
      {error && <Problem what="That did not work" error={error} />}
    </>
  )
}

interface ExtendProps {
  readonly machine: Machine
  readonly busy: boolean
  readonly onExtend: (input: object, said: string) => void
}

const Extend = ({ machine: { ref, name, pricePerHour }, busy, onExtend }: ExtendProps) => {
  const [time, setTime] = useState("1h")
  const send = (event: Event) => {
    event.preventDefault()
    onExtend({ ref, for: time }, `the end of ${name} is ${time} later`)
  }
  return (
    <form class="row extend" onSubmit={send}>
      <Field label="Longer by" name="for" value={time} onInput={setTime} placeholder="2h 30m" required />
      <button type="submit" disabled={busy}>
        Extend for {priceText(pricePerHour)} per hour
      </button>
    </form>
  )
}
