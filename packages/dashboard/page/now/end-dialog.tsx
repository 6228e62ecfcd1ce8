import type { EndedJson } from "@anygpu/operations/protocol"
import { amountsText, priceText } from "../../src/view/amount.ts"
import { useAction } from "../data/action.ts"
import { useNow } from "../data/clock.ts"
import { costNow, type Machine } from "../data/machine.ts"
import { announce } from "../parts/announcer.tsx"
import { Dialog } from "../parts/dialog.tsx"
import { Problem } from "../parts/problem.tsx"
import { Ago } from "../parts/time.tsx"

interface EndProps {
  readonly machine: Machine
  readonly onClose: () => void
}

/** Asks before a machine is ended for good, names it and what it costs, and stays until it is seen gone. */
export const EndDialog = ({ machine, onClose }: EndProps) => {
  const { busy, error, answer, run } = useAction<EndedJson>()
  const { ref, name } = machine
  const end = async () => {
    const ended = await run("terminate", { ref })
    if (ended) announce(`${name} is ended and gone`)
  }
  const footer = answer ? (
    <button type="button" class="main" onClick={onClose}>
      Done
    </button>
  ) : (
    <>
      <button type="button" onClick={onClose}>
        {busy ? "Leave it running" : "Keep it"}
      </button>
      <button type="button" class="main end-it" disabled={busy} onClick={end}>
        {busy ? "Ending it…" : `End ${name}`}
      </button>
    </>
  )
  return (
    <Dialog
      title={answer ? `${name} is gone` : `End ${name} for good?`}
      subtitle={ref}
      onClose={onClose}
      footer={footer}
    >
      {answer ? <Ended answer={answer} /> : <Doomed machine={machine} />}
      {busy && <p class="soft">It is asked to end, and looked for until it is gone. That can take some minutes.</p>}
      {error && <Problem what="It may still cost money" error={error} />}
    </Dialog>
  )
}

/** What will be ended. */
const Doomed = ({ machine }: { readonly machine: Machine }) => {
  const now = useNow()
  const { gpu, place, status, pricePerHour, createdAt, owner } = machine
  return (
    <>
      <p>The machine and all that is on it are lost. Make sure that what you need is somewhere else.</p>
      <dl class="facts">
        <dt>GPU</dt>
        <dd>
          {gpu}, {place}
        </dd>
        <dt>Status</dt>
        <dd>{status}</dd>
        <dt>Per hour</dt>
        <dd>{priceText(pricePerHour)}</dd>
        <dt>So far</dt>
        <dd>{amountsText(costNow(machine, now), "not known")}, an estimate</dd>
        {createdAt !== null && (
          <>
            <dt>Made</dt>
            <dd>
              <Ago at={createdAt} />
            </dd>
          </>
        )}
        {owner !== null && (
          <>
            <dt>Owner</dt>
            <dd>{owner}</dd>
          </>
        )}
      </dl>
    </>
  )
}

const Ended = ({ answer: { alreadyGone, cost, leftovers } }: { readonly answer: EndedJson }) => (
  <>
    <p>
      {alreadyGone ? "It was gone already." : "Its end is verified: its cloud shows it no more."}
      {cost && ` It has cost ${amountsText(cost.cost, "nothing")}, an estimate.`}
    </p>
    {leftovers.length > 0 && (
      <div class="notice">
        <strong>Still there, and may cost money</strong>
        <p>{leftovers.join(", ")}</p>
      </div>
    )}
  </>
)
